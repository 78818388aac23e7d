package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// running is a server in a process of its own, as an operator starts it.
type running struct {
	*testing.T
	data, address string
	stop          func() // ends the server; at the latest when the test does
}

// serving starts `clew serve` on a fresh data directory and waits for what it says to the terminal.
func serving(t *testing.T) *running {
	t.Helper()
	s := &running{T: t, data: filepath.Join(t.TempDir(), "data")}
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, os.Args[0], "serve", "--data", s.data, "--listen", "127.0.0.1:0", "--admin-email", "boss@example.com")
	command.Env = []string{asCommand + "=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	said, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	s.stop = sync.OnceFunc(func() {
		stop()
		if err := command.Wait(); err != nil && command.ProcessState.ExitCode() != 0 {
			t.Errorf("the server ended with %v", err)
		}
		if _, err := os.Stat(filepath.Join(s.data, "clew.sock")); err == nil {
			t.Error("a server that ended left its socket")
		}
	})
	t.Cleanup(s.stop)
	s.listen(said)
	return s
}

func (s *running) listen(said io.Reader) {
	s.Helper()
	address := regexp.MustCompile(`http://[0-9.:]+`)
	lines := bufio.NewScanner(said)
	for s.address == "" {
		if !lines.Scan() {
			s.Fatal("the server did not say its address")
		}
		s.address = address.FindString(lines.Text())
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
}

func (s *running) clew(arguments ...string) outcome {
	s.Helper()
	return clew(s.T, "en_US.UTF-8", append(arguments, "--data", s.data)...)
}

// get asks the server with a token.
func (s *running) get(path, token string) (status int, body map[string]any) {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.address+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	_ = json.NewDecoder(response.Body).Decode(&body)
	return response.StatusCode, body
}

// post sends what anybody may, and tells the answer's status.
func (s *running) post(path, body string) int {
	s.Helper()
	response, err := http.Post(s.address+path, "application/json", strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestCommandsWorkBesideARunningServer: a token, the configuration out and in
// again, and a change of it, all while the server has the data directory open;
// what they do holds in the server at once.
func TestCommandsWorkBesideARunningServer(t *testing.T) {
	s := serving(t)
	made := s.clew("token", "create", "--user", "boss@example.com", "--name", "from the terminal")
	token := strings.TrimSpace(made.out)
	if made.code != 0 || !strings.HasPrefix(token, "clew_") {
		t.Fatalf("token: %+v", made)
	}
	if status, who := s.get("/api/v1/session", token); status != 200 || who["user"].(map[string]any)["email"] != "boss@example.com" {
		t.Errorf("the token: %d %v", status, who)
	}
	if got := s.clew("token", "create", "--user", "nobody@example.com", "--name", "x"); got.code != 1 || !strings.Contains(got.complaint, "There is no such user.") {
		t.Errorf("nobody's token: %+v", got)
	}

	first, second := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
	for _, dir := range []string{first, second} {
		if got := s.clew("export", dir); got.code != 0 {
			t.Fatalf("export: %+v", got)
		}
		if got := s.clew("apply", dir); got.code != 0 || !strings.Contains(got.out, "published as version 1") {
			t.Errorf("what was exported makes a new version: %+v", got)
		}
	}
	if diff := cmp.Diff(tree(t, first), tree(t, second)); diff != "" {
		t.Errorf("two exports differ: %s", diff)
	}

	file := filepath.Join(first, "object", "task.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(text, []byte("fields:\n"), []byte("fields:\n  - {name: colour, label: {en: Colour, zh-CN: 颜色}, type: text}\n"), 1)
	if err := os.WriteFile(file, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.clew("apply", file); got.code != 0 || !strings.Contains(got.out, "published as version 2") {
		t.Fatalf("a new field: %+v", got)
	}
	if status, _ := s.get("/api/v1/records/task?fields=colour", token); status != 200 {
		t.Errorf("the running server does not know the field: %d", status)
	}
}

// tree is a folder's files by name.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 50 {
		t.Errorf("%s holds %d documents", dir, len(found))
	}
	return found
}

// TestDocumentsThatDoNotCompileAreFound: file, line and column stand before what
// is wrong, beside a server and without one, and nothing is published.
func TestDocumentsThatDoNotCompileAreFound(t *testing.T) {
	s := serving(t)
	alone := filepath.Join(t.TempDir(), "alone")
	dir := t.TempDir()
	for i, one := range []struct{ text, says string }{
		{"document: lexicon\nname: x\nlabel: {en: x}\nobject: lead\nsource: message\nentries: 5\n", "bad.yaml:6:10 entries: "},
		{"document: lexicon\nname: x\nlabel: {en: x}\ncolour: red\n", "bad.yaml:4:9 colour: "},
		{"document: robot\nname: x\nlabel: {en: x}\nvendor: carrier-pigeon\n", "bad.yaml:4:9 vendor: "},
		{"a: 1\nb: [\n", "bad.yaml:2:4"},
		{"a: 1\na: 2\n", "bad.yaml:2:1"},
		{"\n\n- a list\n", "bad.yaml:3:1"},
		{"just words\n", "bad.yaml:1:1"},
		{"document: spell\nname: x\n", "bad.yaml"},
		{"document: lexicon\nname: NO GOOD\nlabel: {en: x}\n", "bad.yaml"},
		{"document: lexicon\nname: x\nlabel: &a {en: x}\nagain: *a\n", "bad.yaml:"},
		{"x: " + strings.Repeat("[", 3000) + "\n", "bad.yaml:1:"},
		{"", "holds no configuration document"},
		{"---\n---\n", "holds no configuration document"},
	} {
		file := filepath.Join(dir, "bad.yaml")
		if err := os.WriteFile(file, []byte(one.text), 0o600); err != nil {
			t.Fatal(err)
		}
		outcomes := []outcome{s.clew("apply", file)}
		if i%4 == 0 { // what a server says is the same code
			outcomes = append(outcomes, clew(t, "en_US.UTF-8", "apply", file, "--data", alone))
		}
		for _, got := range outcomes {
			if got.code != 1 || !strings.Contains(got.complaint, one.says) || strings.Contains(got.complaint, "goroutine") {
				t.Errorf("%.40q: %d %.300s\nwant %s", one.text, got.code, got.complaint, one.says)
			}
		}
	}
	if got := s.clew("export", filepath.Join(dir, "after")); got.code != 0 || tree(t, filepath.Join(dir, "after"))["lexicon/x.yaml"] != "" {
		t.Errorf("something was published: %+v", got)
	}
}

// TestAPasswordFromTheTerminal: the only administrator forgot his password; who
// has the files makes him a link, beside the running server and without one.
func TestAPasswordFromTheTerminal(t *testing.T) {
	s := serving(t)
	if got := s.clew("password", "--user", "nobody@example.com"); got.code != 1 || !strings.Contains(got.complaint, "There is no such user.") {
		t.Errorf("nobody's: %+v", got)
	}
	first := s.clew("password", "--user", "boss@example.com", "--factor") // of whom there is no second factor
	made := s.clew("password", "--user", "boss@example.com")
	link := strings.TrimSpace(made.out)
	if first.code != 0 || made.code != 0 || !strings.HasPrefix(link, s.address+"/set-password#") || !strings.Contains(made.complaint, "good once, until") {
		t.Fatalf("%+v then %+v", first, made)
	}
	_, token, _ := strings.Cut(link, "#")
	_, earlier, _ := strings.Cut(strings.TrimSpace(first.out), "#")
	set := func(token, password string) int {
		return s.post("/api/v1/session/reset", `{"token":"`+token+`","password":"`+password+`"}`)
	}
	if status := set(earlier, "a new beginning"); status != http.StatusBadRequest {
		t.Errorf("the link before: %d", status)
	}
	if status := set(token, "a new beginning"); status != http.StatusNoContent {
		t.Fatalf("the link: %d", status)
	}
	if status := s.post("/api/v1/session", `{"email":"boss@example.com","password":"a new beginning"}`); status != http.StatusOK && status != http.StatusCreated {
		t.Errorf("the new password: %d", status)
	}
	if status := set(token, "once more please"); status != http.StatusBadRequest {
		t.Errorf("the link again: %d", status)
	}
	s.stop()
	if got := s.clew("password", "--user", "boss@example.com"); got.code != 0 || !strings.HasPrefix(got.out, "/set-password#") || !strings.Contains(got.complaint, "under the address of your Clew") {
		t.Errorf("without a server: %+v", got)
	}
}

// TestWhatIsNotThereIsSaid: commands on a place without a company name it, and make nothing there.
func TestWhatIsNotThereIsSaid(t *testing.T) {
	dir := t.TempDir()
	for _, arguments := range []string{"export OUT", "token create --user a@b.c --name x", "password --user a@b.c", "backup OUT"} {
		for language, says := range map[string]string{"en_US.UTF-8": "no database at", "zh_CN.UTF-8": "数据库"} {
			line := strings.Fields(strings.ReplaceAll(arguments, "OUT", filepath.Join(dir, "out")))
			got := clew(t, language, append(line, "--data", filepath.Join(dir, "nothing"))...)
			if got.code != 1 || !strings.Contains(got.complaint, says) || !strings.Contains(got.complaint, "nothing") {
				t.Errorf("%s: %+v", arguments, got)
			}
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestSettingsThatCannotBe: what no company can be served with is refused before
// anything is made, and names the flag.
func TestSettingsThatCannotBe(t *testing.T) {
	for _, one := range []string{
		"--public-url=crm.example.com", "--public-url=https://", "--public-url=ftp://crm", "--public-url=https://crm/?a=b", "--public-url=http://%zz",
		"--backup-at=24h", "--backup-at=-1h", "--backup-keep=0", "--backup-keep=-3", "--keep-messages=-1", "--keep-deliveries=-1",
	} {
		for _, command := range []string{"serve", "demo"} {
			data := filepath.Join(t.TempDir(), "data")
			got := clew(t, "en_US.UTF-8", command, one, "--data", data, "--listen", "127.0.0.1:0")
			flag, _, _ := strings.Cut(one, "=")
			if got.code == 0 || !strings.Contains(got.complaint, flag) {
				t.Errorf("clew %s %s: %d %s", command, one, got.code, got.complaint)
			}
			if _, err := os.Stat(data); err == nil {
				t.Errorf("clew %s %s made a data directory", command, one)
			}
		}
	}
}

// TestTwoServersOnOnePlace: the second one is refused in words, by directory and by address; the first goes on.
func TestTwoServersOnOnePlace(t *testing.T) {
	s := serving(t)
	again := s.clew("serve", "--listen", "127.0.0.1:0")
	if again.code != 1 || !strings.Contains(again.complaint, s.data) || !strings.Contains(again.complaint, "Stop it first") {
		t.Errorf("the same directory: %+v", again)
	}
	other := clew(t, "en_US.UTF-8", "serve", "--data", filepath.Join(t.TempDir(), "other"), "--listen", strings.TrimPrefix(s.address, "http://"))
	if other.code != 1 || !strings.Contains(other.complaint, "address already in use") {
		t.Errorf("the same address: %+v", other)
	}
	if got := clew(t, "en_US.UTF-8", "ready", s.address+"/readyz"); got.code != 0 {
		t.Errorf("the first server: %+v", got)
	}
	if got := s.clew("restore", backed(t, s)); got.code != 1 || !strings.Contains(got.complaint, "not empty") {
		t.Errorf("a restore below a running server: %+v", got)
	}
}

// backed is a backup of the running server.
func backed(t *testing.T, s *running) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "company.clewbackup")
	if got := s.clew("backup", file); got.code != 0 || !strings.Contains(got.out, "written "+file) {
		t.Fatalf("backup: %+v", got)
	}
	return file
}

// TestABackupThatCannotBeWrittenLeavesTheOldOne: unwritable, a folder in the way, a missing folder.
func TestABackupThatCannotBeWrittenLeavesTheOldOne(t *testing.T) {
	s := serving(t)
	file := backed(t, s)
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file+".partial", 0o700); err != nil { // where the new one would be written
		t.Fatal(err)
	}
	device := filepath.Join(t.TempDir(), "device")
	if err := os.Symlink("/dev/null", device); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{file, filepath.Join(t.TempDir(), "no", "such", "folder"), t.TempDir(), device, "/proc/nothing"} {
		if got := s.clew("backup", to); got.code != 1 && got.code != 80 || got.complaint == "" || strings.Contains(got.out, "written") {
			t.Errorf("backup to %s: %+v", to, got)
		}
	}
	if to, err := os.Readlink(device); to != "/dev/null" {
		t.Errorf("a device was replaced: %v", err)
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, old) {
		t.Errorf("the old backup is changed: %d bytes of %d, %v", len(now), len(old), err)
	}
}

// TestDamagedBackupsRestoreNothing: cut short, bits turned, nothing at all, something else; nothing is left behind.
func TestDamagedBackupsRestoreNothing(t *testing.T) {
	s := serving(t)
	whole, err := os.ReadFile(backed(t, s))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	turned := func(at int) []byte {
		spoilt := bytes.Clone(whole)
		spoilt[at] ^= 0x40
		return spoilt
	}
	for name, content := range map[string][]byte{
		"empty": {}, "one byte": whole[:1], "the head": whole[:512], "half": whole[:len(whole)/2], "all but a byte": whole[:len(whole)-1],
		"a bit early": turned(100), "a bit in the middle": turned(len(whole) / 2), "a bit of the checksum": turned(len(whole) - 3),
		"text": []byte("no backup at all"), "a database": []byte("SQLite format 3\x00" + strings.Repeat("\x00", 4096)), "zeroes": make([]byte, 1<<16),
	} {
		file, into := filepath.Join(dir, "backup"), filepath.Join(dir, "into")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		got := clew(t, "en_US.UTF-8", "restore", file, "--data", into)
		if got.code != 1 || !strings.Contains(got.complaint, "damaged") && !strings.Contains(got.complaint, "no backup of Clew") {
			t.Errorf("%s: %+v", name, got)
		}
		if _, err := os.Stat(into); err == nil {
			t.Errorf("%s: something was left at %s", name, into)
		}
		if left, _ := filepath.Glob(into + "*"); len(left) > 0 {
			t.Errorf("%s: left behind: %v", name, left)
		}
	}
	if got := clew(t, "en_US.UTF-8", "restore", backed(t, s), "--data", filepath.Join(dir, "whole")); got.code != 0 || !strings.Contains(got.out, "all checksums are right") {
		t.Errorf("the whole backup: %+v", got)
	}
}
