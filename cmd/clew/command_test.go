package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// asCommand makes the test binary the program itself, for commands run in a process of their own.
const asCommand = "RUN_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// outcome is what a command wrote and how it ended.
type outcome struct {
	out, complaint string
	code           int
}

// clew runs the program with the arguments, in a language ("zh_CN.UTF-8").
func clew(t *testing.T, lang string, arguments ...string) outcome {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], arguments...)
	command.Env = []string{asCommand + "=1", "LANG=" + lang, "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	command.Dir = t.TempDir()
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	err := command.Run()
	code := 0
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		code = ended.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return outcome{out.String(), complaint.String(), code}
}

// TestWrongCommandsSayWhatIsWrong: a usage error names the flag or argument and ends with a code of its own.
func TestWrongCommandsSayWhatIsWrong(t *testing.T) {
	for _, one := range []struct {
		line string
		says string
	}{
		{"", "expected one of"},
		{"fly", "unexpected argument fly"},
		{"serve --no-such-flag", "unknown flag --no-such-flag"},
		{"serve --backup-keep many", "--backup-keep"},
		{"serve --backup-at 25x", "--backup-at"},
		{"serve --log-format xml", "--log-format"},
		{"serve --log-level loud", "--log-level"},
		{"demo --leads x", "--leads"},
		{"demo --seed -1", "--seed"},
		{"apply", "expected \"<path>\""},
		{"apply /no/such/file", "/no/such/file"},
		{"export", "expected \"<dir>\""},
		{"token", "expected \"create\""},
		{"token create", "missing flags: --name=STRING, --user=STRING"},
		{"token create --user a@b.c", "missing flags: --name=STRING"},
		{"password", "missing flags: --user=STRING"},
		{"backup", "expected \"<file>\""},
		{"restore", "expected \"<file>\""},
		{"restore /no/such/file", "/no/such/file"},
		{"version now", "unexpected argument now"},
		{"ready a b", "unexpected argument b"},
		{"sandbox-oidc --port 1", "unknown flag --port"},
	} {
		got := clew(t, "en_US.UTF-8", strings.Fields(one.line)...)
		if got.code == 0 || !strings.Contains(got.out+got.complaint, one.says) {
			t.Errorf("clew %s: ended with %d, said %q, not %q", one.line, got.code, got.complaint+got.out, one.says)
		}
		if strings.Contains(got.complaint, "goroutine") {
			t.Errorf("clew %s broke: %s", one.line, got.complaint)
		}
	}
}

// TestHelpNamesEveryCommand: each command and its flags have a sentence of help.
func TestHelpNamesEveryCommand(t *testing.T) {
	help := clew(t, "en_US.UTF-8", "--help")
	if help.code != 0 {
		t.Fatalf("%+v", help)
	}
	for _, command := range []string{"serve", "demo", "apply", "export", "token create", "password", "openapi", "backup", "restore", "doctor", "ready", "version", "sandbox-oidc"} {
		if !strings.Contains(help.out, "\n  "+command) {
			t.Errorf("the help does not name %s", command)
		}
		got := clew(t, "en_US.UTF-8", append(strings.Fields(command), "--help")...)
		if got.code != 0 || !strings.Contains(got.out, "Usage: clew "+command) {
			t.Errorf("%s --help: %d %s", command, got.code, got.out)
		}
	}
}

// TestRefusalsComeInTheTerminalsLanguage runs commands that end with a refusal in both languages.
func TestRefusalsComeInTheTerminalsLanguage(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.clewbackup")
	if err := os.WriteFile(broken, []byte("no backup at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	for _, arguments := range [][]string{
		{"restore", broken, "--data", filepath.Join(dir, "into")},
		{"token", "create", "--data", data, "--user", "nobody@example.com", "--name", "x"},
		{"serve", "--data", filepath.Join(dir, "other"), "--template", "no-such-template", "--listen", "127.0.0.1:0"},
	} {
		chinese, english := clew(t, "zh_CN.UTF-8", arguments...), clew(t, "en_US.UTF-8", arguments...)
		for _, got := range []outcome{chinese, english} {
			if got.code != 1 || !strings.Contains(got.complaint, "clew: ") || strings.Contains(got.complaint, "goroutine") {
				t.Errorf("clew %v: %+v", arguments, got)
			}
		}
		if strings.ContainsFunc(english.complaint, func(r rune) bool { return r >= '一' && r <= '龥' }) {
			t.Errorf("clew %v in English: %s", arguments, english.complaint)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "into", "clew.db")); err == nil {
		t.Error("a refused restore left a database behind")
	}
}

// TestVersionAndDescriptionNeedNothing: both work without data, a server or a network.
func TestVersionAndDescriptionNeedNothing(t *testing.T) {
	if got := clew(t, "en_US.UTF-8", "version"); got.code != 0 || got.out != "clew dev\n" {
		t.Errorf("version: %+v", got)
	}
	got := clew(t, "en_US.UTF-8", "openapi", "--static")
	var description struct {
		OpenAPI string         `json:"openapi"`
		Paths   map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(got.out), &description); err != nil || got.code != 0 || !strings.HasPrefix(description.OpenAPI, "3.1") || len(description.Paths) < 80 {
		t.Errorf("openapi: %d, %v, %d paths", got.code, err, len(description.Paths))
	}
}

// TestReadyAsksTheServer: the code tells containers what they need to know.
func TestReadyAsksTheServer(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1:1/readyz", "no address", "ftp://127.0.0.1/"} {
		if got := clew(t, "en_US.UTF-8", "ready", address); got.code != 1 {
			t.Errorf("%s: %+v", address, got)
		}
	}
}

func TestTheTerminalsLanguage(t *testing.T) {
	for _, one := range []struct{ all, messages, lang, want string }{
		{"", "", "", "en"}, {"", "", "zh_CN.UTF-8", "zh-CN"}, {"", "", "zh_TW", "zh-CN"}, {"en_US", "", "zh_CN", "en"}, {"", "zh_CN", "en_US", "zh-CN"},
		{"C", "zh_CN", "zh_CN", "en"}, {"", "", "de_DE", "en"}, {"zh", "en", "en", "zh-CN"},
	} {
		t.Setenv("LC_ALL", one.all)
		t.Setenv("LC_MESSAGES", one.messages)
		t.Setenv("LANG", one.lang)
		if got := language(); got != one.want {
			t.Errorf("%+v: %s", one, got)
		}
	}
}
