package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// environment are the variables that the commands read.
func environment(t *testing.T) map[string]bool {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Name("clew"), kong.DefaultEnvars("CLEW"), kong.Vars{"version": version})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"CLEW_SECRET_KEY": true}
	for _, command := range parser.Model.Children {
		for _, flags := range command.AllFlags(false) {
			for _, flag := range flags {
				for _, name := range flag.Envs {
					known[name] = true
				}
			}
		}
	}
	return known
}

// TestDeployFilesAndGuideNameSettingsThatThereAre looks for each CLEW_… of the
// deploy folder and the install guides among the flags.
func TestDeployFilesAndGuideNameSettingsThatThereAre(t *testing.T) {
	known := environment(t)
	files, _ := filepath.Glob("../../deploy/*")
	guides, _ := filepath.Glob("../../docs/guide/*/install.md")
	if len(files) < 4 || len(guides) != 2 {
		t.Fatalf("%v %v", files, guides)
	}
	for _, name := range append(files, guides...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, setting := range regexp.MustCompile(`CLEW_[A-Z_]*[A-Z]`).FindAllString(string(text), -1) {
			if !known[setting] {
				t.Errorf("%s names %s, which no flag reads", name, setting)
			}
		}
	}
}

// TestTheUnitIsHardened keeps what protects the machine from the service.
func TestTheUnitIsHardened(t *testing.T) {
	unit, err := os.ReadFile("../../deploy/clew.service")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"User=clew", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "UMask=0077"} {
		if !strings.Contains(string(unit), "\n"+line+"\n") {
			t.Errorf("%s is missing", line)
		}
	}
	image, err := os.ReadFile("../../deploy/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"FROM scratch", "USER 65532", "HEALTHCHECK"} {
		if !strings.Contains(string(image), "\n"+part) {
			t.Errorf("Dockerfile: %s is missing", part)
		}
	}
}
