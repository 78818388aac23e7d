// Command clew serves a company's CRM from one binary.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // zones for machines that have none

	"github.com/alecthomas/kong"

	"clew.dev/clew/internal/api"
)

// version is set by the build.
var version = "dev"

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	var commands cli
	parser, err := kong.New(&commands, kong.Name("clew"),
		kong.Description("Clew（一线）: a self-hosted CRM in which no lead is lost."),
		kong.DefaultEnvars("CLEW"), kong.UsageOnError(), kong.Vars{"version": version})
	if err != nil {
		fmt.Fprintln(os.Stderr, "clew:", err)
		return 1
	}
	chosen, err := parser.Parse(arguments)
	if err != nil {
		parser.FatalIfErrorf(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	chosen.BindTo(ctx, (*context.Context)(nil))
	if err := chosen.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "clew:", api.Explain(language(), err))
		return 1
	}
	return 0
}

// language is the terminal's, by the environment's rule.
func language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return "zh-CN"
			}
			break
		}
	}
	return "en"
}
