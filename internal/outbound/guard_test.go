package outbound

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/fault"
)

// TestTheEdgesOfTheClosedRanges: the last address before a range and the first
// after it are public, those at its ends are not.
func TestTheEdgesOfTheClosedRanges(t *testing.T) {
	for _, c := range []struct{ before, first, last, after string }{
		{"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
		{"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
		{"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
		{"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
		{"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
		{"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
		{"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
		{"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
		{"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
		{"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
		{"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
		{"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
		{"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
		{"223.255.255.255", "224.0.0.0", "255.255.255.255", ""},
		{"", "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::"},
		{"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
		{"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
		{"2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
		{"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"},
		{"3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
	} {
		for text, want := range map[string]bool{c.before: true, c.first: false, c.last: false, c.after: true} {
			a, err := netip.ParseAddr(text)
			if err != nil {
				continue // nothing lies there
			}
			if Public(a) != want {
				t.Errorf("%s counts as public: %v", a, !want)
			}
		}
	}
}

// Property: an IPv4 address inside an IPv6 one is never more public than by
// itself, and by the forms that gateways translate it is not public at all.
func TestAnAddressInAnotherIsNoWayIn(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var four [4]byte
		binary.BigEndian.PutUint32(four[:], rapid.Uint32().Draw(r, "address"))
		plain := netip.AddrFrom4(four)
		var mapped, compatible, nat64, local64, sixToFour, isatap [16]byte
		mapped = netip.AddrFrom4(four).As16()
		copy(compatible[12:], four[:])
		copy(nat64[:], []byte{0, 0x64, 0xff, 0x9b})
		copy(nat64[12:], four[:])
		copy(local64[:], []byte{0, 0x64, 0xff, 0x9b, 0, 1})
		copy(local64[12:], four[:])
		copy(sixToFour[:], []byte{0x20, 0x02})
		copy(sixToFour[2:], four[:])
		copy(isatap[:], []byte{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0xfe})
		copy(isatap[12:], four[:])
		if Public(netip.AddrFrom16(mapped)) != Public(plain) {
			r.Fatalf("%s mapped is told apart", plain)
		}
		for name, raw := range map[string][16]byte{"compatible": compatible, "NAT64": nat64, "local NAT64": local64, "6to4": sixToFour, "ISATAP": isatap} {
			if Public(netip.AddrFrom16(raw)) {
				r.Fatalf("%s in the form of %s counts as public", plain, name)
			}
		}
	})
}

// Property: what the standard library calls private, local or for many is not public.
func TestNothingLocalIsPublic(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "address")
		a := netip.AddrFrom16([16]byte(raw))
		if rapid.Bool().Draw(r, "four") {
			a = netip.AddrFrom4([4]byte(raw[:4]))
		}
		local := a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || a.IsInterfaceLocalMulticast()
		if local && Public(a) {
			r.Fatalf("%s counts as public", a)
		}
		if a.Is6() && Public(a.WithZone("eth0")) != Public(a) {
			r.Fatalf("a zone changes %s", a)
		}
	})
}

// TestWhichPortsOfAPublicServerAreDialled: those of the web and high ones, none
// where something else than HTTP would be spoken to.
func TestWhichPortsOfAPublicServerAreDialled(t *testing.T) {
	try := func(host string, port int) bool {
		return control("tcp", net.JoinHostPort(host, strconv.Itoa(port)), nil) == nil
	}
	for _, port := range []int{80, 443, 1024, 3000, 8000, 8080, 8443, 9443, 65535} {
		if !try("8.8.8.8", port) || !try("2400:3200::1", port) {
			t.Errorf("%d is refused", port)
		}
		if try("127.0.0.1", port) || try("::1", port) || try("10.0.0.1", port) {
			t.Errorf("%d opens an inner address", port)
		}
	}
	for _, port := range []int{0, 1, 21, 22, 23, 25, 53, 79, 81, 110, 111, 135, 139, 143, 389, 442, 444, 445, 465, 514, 587, 636, 993, 995, 1023,
		1433, 1521, 2049, 2375, 2379, 3306, 3389, 5432, 5900, 6000, 6379, 9042, 9092, 11211, 27017} {
		if try("8.8.8.8", port) {
			t.Errorf("%d is dialled", port)
		}
	}
	for _, address := range []string{"", "8.8.8.8", "example.com:443", "8.8.8.8:http", "8.8.8.8:70000", "[8.8.8.8]:443x"} {
		if err := control("tcp", address, nil); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestSlotsLeaveNothingBehind: hosts come from documents; one that was called
// once must not be remembered for ever.
func TestSlotsLeaveNothingBehind(t *testing.T) {
	s := newSlots(1)
	for i := range 100 {
		release, err := s.take(t.Context(), "host-"+strconv.Itoa(i))
		if err != nil {
			t.Fatal(err)
		}
		release()
	}
	if len(s.hosts) != 0 {
		t.Errorf("%d hosts are kept", len(s.hosts))
	}
}
