package outbound_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/outbound"
)

// names answers every question about a name from a list, one entry a question
// and the last one for ever: the name server of an attacker.
type names struct {
	mu      sync.Mutex
	answers map[string][][]string
	asked   map[string]int
}

// resolve makes the process ask n for as long as the test runs.
func resolve(t *testing.T, answers map[string][][]string) *names {
	t.Helper()
	n := &names{answers: answers, asked: map[string]int{}}
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, StrictErrors: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go n.serve(theirs)
		return ours, nil
	}}
	t.Cleanup(func() { net.DefaultResolver = before })
	return n
}

// serve speaks DNS over a stream: a length of two bytes before each message.
func (n *names) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	for {
		var size uint16
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		question := make([]byte, size)
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		answer := n.answer(question)
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

// answer is a message with the addresses of the kind that was asked for.
func (n *names) answer(question []byte) []byte {
	var labels []string
	at := 12
	for question[at] != 0 {
		labels = append(labels, string(question[at+1:at+1+int(question[at])]))
		at += 1 + int(question[at])
	}
	kind := binary.BigEndian.Uint16(question[at+1:])
	end := at + 5
	var records []byte
	count := 0
	for _, text := range n.take(strings.ToLower(strings.Join(labels, ".")), kind) {
		a := netip.MustParseAddr(text)
		if (kind == 1) != a.Is4() {
			continue
		}
		records = append(records, 0xc0, 12)
		records = binary.BigEndian.AppendUint16(records, kind)
		records = append(records, 0, 1, 0, 0, 0, 0) // class IN, lives no second
		records = binary.BigEndian.AppendUint16(records, uint16(len(a.AsSlice())))
		records = append(records, a.AsSlice()...)
		count++
	}
	head := append([]byte(nil), question[:2]...)
	head = append(head, 0x84, 0x00, 0, 1, 0, byte(count), 0, 0, 0, 0)
	return append(append(head, question[12:end]...), records...)
}

func (n *names) take(name string, kind uint16) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.answers[name]
	if list == nil {
		list = n.answers["*"]
	}
	if len(list) == 0 {
		return nil
	}
	asked := n.asked[name]
	if kind == 1 { // both kinds are asked for at once; one question is both
		n.asked[name]++
	}
	return list[min(asked, len(list)-1)]
}

// inside is a server on this machine that must not be reached.
func inside(t *testing.T) (hits *atomic.Int32, port string) {
	t.Helper()
	hits = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(server.Close)
	return hits, server.URL[strings.LastIndex(server.URL, ":"):]
}

func refused(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.Malformed && f.Code == "address_not_allowed"
}

// TestANameThatPointsInwardGainsNothing: what counts is the address that is
// dialled, whatever the name says.
func TestANameThatPointsInwardGainsNothing(t *testing.T) {
	hits, port := inside(t)
	resolve(t, map[string][][]string{
		"loop.test":      {{"127.0.0.1"}},
		"six.test":       {{"::1"}},
		"mapped.test":    {{"::ffff:127.0.0.1"}},
		"both.test":      {{"127.0.0.1", "::1"}},
		"cloud.test":     {{"169.254.169.254"}},
		"shared.test":    {{"100.64.3.4"}},
		"private.test":   {{"10.1.2.3", "192.168.1.1"}},
		"unique.test":    {{"fd00::1"}},
		"translate.test": {{"64:ff9b::7f00:1"}},
		"zero.test":      {{"0.0.0.0"}},
	})
	client := outbound.New(outbound.Options{Connect: time.Second, Total: 2 * time.Second})
	defer client.Close()
	for _, host := range strings.Fields("loop.test six.test mapped.test both.test cloud.test shared.test private.test unique.test translate.test zero.test LOOP.test loop.test.") {
		_, err := client.Do(t.Context(), outbound.Request{URL: "http://" + host + port + "/"})
		if !refused(err) {
			t.Errorf("%s: %v, want a refusal", host, err)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d calls arrived inside", n)
	}
}

// TestANameThatChangesItsMindGainsNothing: it was public when it was saved, and
// points inward when it is called.
func TestANameThatChangesItsMindGainsNothing(t *testing.T) {
	hits, port := inside(t)
	// 198.41.0.4 is public; nothing here can reach it, which is an ordinary failure.
	n := resolve(t, map[string][][]string{"rebind.test": {{"198.41.0.4"}, {"127.0.0.1"}, {"198.41.0.4", "127.0.0.1"}, {"127.0.0.1", "198.41.0.4"}}})
	client := outbound.New(outbound.Options{Connect: 100 * time.Millisecond, Total: 300 * time.Millisecond})
	defer client.Close()
	var told []bool
	for range 5 {
		_, err := client.Do(t.Context(), outbound.Request{URL: "http://rebind.test" + port + "/"})
		if err == nil {
			t.Fatal("answered")
		}
		told = append(told, refused(err))
	}
	if hits.Load() != 0 {
		t.Errorf("%d calls arrived inside", hits.Load())
	}
	if told[0] || !told[1] {
		t.Errorf("the public address is refused: %v, the inner one: %v", told[0], told[1])
	}
	if n.asked["rebind.test"] != 5 {
		t.Errorf("the name was looked up %d times, want at each call", n.asked["rebind.test"])
	}
}

// TestNumbersThatAreAddressesElsewhere: forms that other clients read as
// addresses are names here; a server of names that answers them gains nothing.
func TestNumbersThatAreAddressesElsewhere(t *testing.T) {
	hits, port := inside(t)
	resolve(t, map[string][][]string{"*": {{"127.0.0.1"}}})
	client := outbound.New(outbound.Options{Connect: time.Second, Total: 2 * time.Second})
	defer client.Close()
	for _, host := range strings.Fields("2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 127.1 127.0.1 0 localhost LOCALHOST localhost. " +
		"127.0.0.1.nip.test [::1] [0:0:0:0:0:0:0:1] [::ffff:7f00:1] [::ffff:127.0.0.1] [::127.0.0.1] [::] [::1%25lo] ｌｏｃａｌｈｏｓｔ ①②⑦.⓪.⓪.① 127。0。0。1") {
		if res, err := client.Do(t.Context(), outbound.Request{URL: "http://" + host + port + "/"}); err == nil {
			t.Errorf("%s answers %d", host, res.Status)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d calls arrived inside", n)
	}
}

// TestAnAllowedHostIsAllowedByItsNameAndPort: in any case of letters, and
// neither its address, nor its other ports, nor a longer name of it.
func TestAnAllowedHostIsAllowedByItsNameAndPort(t *testing.T) {
	hits, port := inside(t)
	_, other := inside(t)
	resolve(t, map[string][][]string{"*": {{"127.0.0.1"}}})
	client := outbound.New(outbound.Options{Allow: []string{"IdP.Example.test" + port}, Connect: time.Second})
	defer client.Close()
	for _, host := range []string{"idp.example.test", "IDP.EXAMPLE.TEST"} {
		if _, err := client.Do(t.Context(), outbound.Request{URL: "http://" + host + port + "/"}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if hits.Load() != 2 {
		t.Errorf("%d calls arrived", hits.Load())
	}
	for _, address := range []string{
		"idp.example.test" + other, "127.0.0.1" + port, "localhost" + port, "x.idp.example.test" + port, "idp.example.test.evil.test" + port, "example.test" + port,
	} {
		if _, err := client.Do(t.Context(), outbound.Request{URL: "http://" + address + "/"}); !refused(err) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestMain names a proxy for all of these tests, before anything reads the
// environment: it is read once a process.
func TestMain(m *testing.M) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		if err := os.Setenv(name, "http://127.0.0.1:1"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestTheProxyOfTheEnvironmentIsNotAsked: it would dial for us what we may not.
func TestTheProxyOfTheEnvironmentIsNotAsked(t *testing.T) {
	hits, port := inside(t)
	resolve(t, map[string][][]string{"*": {{"127.0.0.1"}}})
	client := outbound.New(outbound.Options{Allow: []string{"idp.test" + port}})
	defer client.Close()
	if _, err := client.Do(t.Context(), outbound.Request{URL: "http://idp.test" + port + "/"}); err != nil || hits.Load() != 1 {
		t.Errorf("%v; %d calls arrived", err, hits.Load())
	}
}
