package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// with runs the program with further settings of the environment. A server that
// should have been refused is stopped, and told by its code.
func with(t *testing.T, environment []string, arguments ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0], arguments...)
	command.Env = append([]string{asCommand + "=1", "LANG=en_US.UTF-8", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, environment...)
	command.Dir = t.TempDir()
	var out, complaint strings.Builder
	command.Stdout, command.Stderr = &out, &complaint
	err := command.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return outcome{out.String(), complaint.String(), command.ProcessState.ExitCode()}
}

// TestReadyIsTwoHundredAndNothingElse: a server that starts, drains or leads
// elsewhere is not ready, and the terminal hears why.
func TestReadyIsTwoHundredAndNothingElse(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ok", "/login":
			w.WriteHeader(http.StatusOK)
		case "/draining":
			w.Header().Set("Retry-After", "1")
			http.Error(w, "draining", http.StatusServiceUnavailable)
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/broken":
			panic(http.ErrAbortHandler)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	for path, want := range map[string]struct {
		code int
		says string
	}{
		"/ok": {0, ""}, "/draining": {1, "503"}, "/empty": {1, "204"}, "/broken": {1, "EOF"}, "/round": {1, "redirects"}, "/absent": {1, "404"},
	} {
		got := clew(t, "en_US.UTF-8", "ready", server.URL+path)
		if got.code != want.code || !strings.Contains(got.complaint, want.says) || got.out != "" {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

// TestSettingsComeFromTheEnvironmentToo, with the same refusals, and a flag goes before them.
func TestSettingsComeFromTheEnvironmentToo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for setting, says := range map[string]string{
		"CLEW_BACKUP_KEEP=many": "CLEW_BACKUP_KEEP", "CLEW_BACKUP_KEEP=0": "--backup-keep", "CLEW_BACKUP_AT=noon": "--backup-at", "CLEW_PUBLIC_URL=crm": "--public-url",
		"CLEW_LOG_LEVEL=loud": "--log-level", "CLEW_LOG_FORMAT=xml": "--log-format", "CLEW_LISTEN=nonsense": "nonsense", "CLEW_TEMPLATE=none-such": "none-such",
		"CLEW_TLS_CERT=/absent.pem": "--tls-cert and --tls-key", "CLEW_BACKUP_PASSPHRASE_FILE=/absent": "/absent",
	} {
		environment := []string{setting, "CLEW_DATA=" + filepath.Join(t.TempDir(), "data")}
		if !strings.HasPrefix(setting, "CLEW_LISTEN=") {
			environment = append(environment, "CLEW_LISTEN=127.0.0.1:0")
		}
		if strings.Contains(setting, "PASSPHRASE") {
			environment = append(environment, "CLEW_BACKUP_DIR="+t.TempDir())
		}
		got := with(t, environment, "serve")
		if got.code == 0 || !strings.Contains(got.complaint, says) || strings.Contains(got.complaint, "goroutine") {
			t.Errorf("%s: %d %.300s", setting, got.code, got.complaint)
		}
	}
	if got := with(t, []string{"CLEW_DATA=/absent/elsewhere"}, "export", filepath.Join(t.TempDir(), "out"), "--data", data); !strings.Contains(got.complaint, data) || strings.Contains(got.complaint, "elsewhere") {
		t.Errorf("a flag beside the environment: %+v", got)
	}
}

// TestCertificatesThatCannotServeAreRefusedAtTheStart, not at the first visit.
func TestCertificatesThatCannotServeAreRefusedAtTheStart(t *testing.T) {
	dir := t.TempDir()
	words := filepath.Join(dir, "words.pem")
	if err := os.WriteFile(words, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, says := range map[string]string{
		"--tls-cert " + words:                                                "both --tls-cert and --tls-key",
		"--tls-key " + words:                                                 "both --tls-cert and --tls-key",
		"--tls-cert " + words + " --tls-key " + words:                        "words.pem",
		"--tls-cert /absent --tls-key " + words:                              "/absent",
		"--tls-cert " + words + " --tls-key " + words + " --acme-domain x.y": "not both",
	} {
		data := filepath.Join(t.TempDir(), "data")
		got := with(t, nil, append(strings.Fields("serve --listen 127.0.0.1:0 --data "+data), strings.Fields(line)...)...)
		if got.code != 1 || !strings.Contains(got.complaint, says) || strings.Contains(got.out, "http") {
			t.Errorf("%s: %+v", line, got)
		}
	}
}

// TestTheDoctorTellsWhatIsWrong before anybody starts a server on it, as words
// and as JSON, and changes nothing.
func TestTheDoctorTellsWhatIsWrong(t *testing.T) {
	s := serving(t)
	beside := s.clew("doctor", "--listen", "127.0.0.1:0")
	if beside.code != 0 || !strings.Contains(beside.out, "the server is running") || strings.Contains(beside.out, "bad ") {
		t.Errorf("beside a running server: %+v", beside)
	}
	if got := s.clew("doctor", "--listen", strings.TrimPrefix(s.address, "http://")); strings.Contains(got.out, "warn") {
		t.Errorf("a running server's own address is no reason to worry: %+v", got)
	}
	if got := clew(t, "en_US.UTF-8", "doctor", "--data", filepath.Join(t.TempDir(), "new"), "--listen", strings.TrimPrefix(s.address, "http://")); !strings.Contains(got.out, "warn address") || !strings.Contains(got.out, "--listen") {
		t.Errorf("another's address is: %+v", got)
	}
	whole := filepath.Join(t.TempDir(), "whole")
	if got := clew(t, "en_US.UTF-8", "restore", backed(t, s), "--data", whole); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	for name, spoil := range map[string]struct {
		how  func(dir string) error
		says string
	}{
		"a key that others may read": {func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, "secret.key"), []byte(strings.Repeat("0a", 32)), 0o600), os.Chmod(filepath.Join(dir, "secret.key"), 0o644))
		}, "chmod 600"},
		"a key that is none":   {func(dir string) error { return os.WriteFile(filepath.Join(dir, "secret.key"), []byte("junk"), 0o600) }, "secret.key"},
		"a database cut short": {func(dir string) error { return os.Truncate(filepath.Join(dir, "clew.db"), 300_000) }, "bad "},
		"a database that is none": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "clew.db"), []byte(strings.Repeat("not a database ", 1000)), 0o600)
		}, "bad "},
		"a restore that is not finished": {func(dir string) error {
			return errors.Join(os.Mkdir(filepath.Join(dir, ".restoring"), 0o700), os.WriteFile(filepath.Join(dir, ".restoring", "secret.key"), nil, 0o600))
		}, "bad "},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := spoil.how(dir); err != nil {
			t.Fatal(err)
		}
		words := clew(t, "en_US.UTF-8", "doctor", "--data", dir, "--listen", "127.0.0.1:0")
		if words.code != 1 || !strings.Contains(words.out, spoil.says) || strings.Contains(words.complaint, "goroutine") {
			t.Errorf("%s: %+v", name, words)
		}
		machine := clew(t, "zh_CN.UTF-8", "doctor", "--json", "--data", dir, "--listen", "127.0.0.1:0")
		var told struct {
			OK     bool
			Checks []struct{ Name, State, Text string }
		}
		if err := json.Unmarshal([]byte(machine.out), &told); err != nil || told.OK || machine.code != 1 || len(told.Checks) < 3 {
			t.Errorf("%s as JSON: %v %+v", name, err, machine)
		}
		if got := with(t, nil, "serve", "--data", dir, "--listen", "127.0.0.1:0"); got.code != 1 || strings.Contains(got.complaint, "goroutine") {
			t.Errorf("%s: a server starts on it: %+v", name, got)
		}
	}
}

// TestATerminatedServerEndsWell: SIGTERM is how containers and systemd stop it;
// what was there is there at the next start.
func TestATerminatedServerEndsWell(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for n := range 2 {
		command := exec.CommandContext(t.Context(), os.Args[0], "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-email", "boss@example.com", "--admin-password", "correct horse battery")
		command.Env = []string{asCommand + "=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
		said, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		s := &running{T: t, data: data}
		s.listen(said)
		if status, _ := s.get("/readyz", ""); status != 200 {
			t.Errorf("start %d: %d", n, status)
		}
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := command.Wait(); err != nil {
			t.Errorf("start %d ended with %v", n, err)
		}
		for _, left := range []string{"clew.sock", "clew.db-wal"} {
			if info, err := os.Stat(filepath.Join(data, left)); err == nil && info.Size() > 0 {
				t.Errorf("start %d left %s with %d bytes", n, left, info.Size())
			}
		}
	}
	got := clew(t, "en_US.UTF-8", "token", "create", "--data", data, "--user", "boss@example.com", "--name", "x")
	if got.code != 0 || !strings.HasPrefix(got.out, "clew_") || strings.Count(got.out, "\n") != 1 {
		t.Errorf("a token without a server: %+v", got)
	}
}

// TestWhatIsPrintedIsForTheNextProgram: results go to the one stream, complaints
// to the other, and nothing is left where a command was refused.
func TestWhatIsPrintedIsForTheNextProgram(t *testing.T) {
	dir := t.TempDir()
	for _, arguments := range [][]string{{"export", filepath.Join(dir, "out")}, {"backup", filepath.Join(dir, "file")}, {"token", "create", "--user", "a@b.c", "--name", "x"}} {
		got := clew(t, "en_US.UTF-8", append(arguments, "--data", filepath.Join(dir, "nothing"))...)
		if got.out != "" || got.complaint == "" || !strings.HasPrefix(got.complaint, "clew: ") {
			t.Errorf("clew %v: %+v", arguments, got)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "nothing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a data directory was made: %v", err)
	}
	if got := clew(t, "en_US.UTF-8", "openapi"); got.complaint != "" || !json.Valid([]byte(got.out)) {
		t.Errorf("the description is not all there is: %.100s", got.complaint)
	}
}
