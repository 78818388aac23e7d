package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ticks are the kernel's units of processor time a second.
const ticks = 100

// process is a running program.
type process struct {
	url     string
	took    time.Duration // from its start until it was ready
	command *exec.Cmd
}

// start runs the program on a place and waits until it is ready.
func (p plan) start(ctx context.Context, at place, mode string, leads int) (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	_ = listener.Close() // only its number was wanted
	arguments := []string{mode, "--data", at.dir, "--listen", address, "--log-level", "warn"}
	if at.url != "" {
		arguments = append(arguments, "--database", at.url)
	}
	if mode == "demo" {
		arguments = append(arguments, "--leads", strconv.Itoa(leads))
	}
	s := &process{url: "http://" + address, command: exec.CommandContext(ctx, p.binary, arguments...)}
	s.command.Stdout, s.command.Stderr = io.Discard, io.Discard
	if p.verbose {
		s.command.Stderr = os.Stderr
	}
	began := time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for time.Since(began) < 5*time.Minute {
		if answer, err := http.Get(s.url + "/readyz"); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				s.took = time.Since(began)
				return s, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("%s %v: not ready after five minutes", p.binary, arguments)
}

func (s *process) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait()
}

// during adds the processor time that the program took to a load's figures.
func (s *process) during(load func() Load) Load {
	before, began := s.processor(), time.Now()
	l := load()
	leads := l.PerSecond * time.Since(began).Seconds()
	l.CPUPerLead = milliseconds(s.processor()-before) / max(1, leads)
	return l
}

// processor is the time that the process has run so far.
func (s *process) processor() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.command.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * time.Second / ticks
}

// memory is the resident memory now and its peak, in MB.
func (s *process) memory() (now, peak float64) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		return 0, 0
	}
	of := func(name string) float64 {
		_, rest, _ := strings.Cut(string(raw), name+":")
		kilobytes, _ := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
		return kilobytes / 1024
	}
	return of("VmRSS"), of("VmHWM")
}
