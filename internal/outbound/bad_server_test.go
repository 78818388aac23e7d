package outbound_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/outbound"
)

// raw serves each connection with fn after the request's head was read.
func raw(t *testing.T, fn func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				lines := bufio.NewReader(conn)
				for {
					if line, err := lines.ReadString('\n'); err != nil || line == "\r\n" {
						break
					}
				}
				fn(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func TestDoSurvivesBadServers(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\n"
	forever := func(c net.Conn, piece string, pause time.Duration) {
		for {
			if _, err := io.WriteString(c, piece); err != nil {
				return
			}
			if pause > 0 {
				time.Sleep(pause) // the fault itself: a byte now and then
			}
		}
	}
	for name, fn := range map[string]func(net.Conn){
		"slow loris":   func(c net.Conn) { _, _ = io.WriteString(c, head+"\r\n"); forever(c, "x", 5*time.Millisecond) },
		"endless body": func(c net.Conn) { _, _ = io.WriteString(c, head+"\r\n"); forever(c, strings.Repeat("x", 1<<16), 0) },
		"giant header": func(c net.Conn) { _, _ = io.WriteString(c, head+"X: "); forever(c, strings.Repeat("x", 1<<16), 0) },
		"reset in the body": func(c net.Conn) {
			_, _ = io.WriteString(c, head+"Content-Length: 100\r\n\r\nabc")
			_ = c.(*net.TCPConn).SetLinger(0)
		},
		"no HTTP":   func(c net.Conn) { _, _ = io.WriteString(c, "\x00\xff\xfe hello\r\n\r\n") },
		"no answer": func(net.Conn) {},
	} {
		t.Run(name, func(t *testing.T) {
			address := raw(t, fn)
			client := outbound.New(outbound.Options{Allow: []string{address}, Total: 300 * time.Millisecond})
			defer client.Close()
			start := time.Now()
			if res, err := client.Do(t.Context(), outbound.Request{URL: "http://" + address}); err == nil {
				t.Errorf("taken: %d, %d bytes", res.Status, len(res.Body))
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
	t.Run("bad TLS", func(t *testing.T) {
		address := raw(t, func(c net.Conn) { _, _ = io.WriteString(c, "no TLS") })
		client := outbound.New(outbound.Options{Allow: []string{address}, Total: 300 * time.Millisecond})
		if _, err := client.Do(t.Context(), outbound.Request{URL: "https://" + address}); err == nil {
			t.Error("taken")
		}
	})
}
