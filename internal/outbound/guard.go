package outbound

import (
	"net/netip"
	"syscall"

	"clew.dev/clew/internal/fault"
)

// closed are the IPv4 ranges that no public server has: this network, shared
// address space, protocol assignments, documentation, benchmarks, reserved.
var closed = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
}

// global is the only IPv6 range that is routed on the internet; holes are the
// parts of it that stand for something else (Teredo, documentation, 6to4).
var (
	global = netip.MustParsePrefix("2000::/3")
	holes  = []netip.Prefix{
		netip.MustParsePrefix("2001::/23"),
		netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"),
		netip.MustParsePrefix("3fff::/20"),
	}
)

// guarded are ports above 1023 of servers that do not speak HTTP.
var guarded = map[uint16]bool{
	1433: true, 1521: true, 2049: true, 2375: true, 2379: true, 3306: true, 3389: true,
	5432: true, 5900: true, 6000: true, 6379: true, 9042: true, 9092: true, 11211: true, 27017: true,
}

// Public says whether an address may be dialled without being allowed by name.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	if a.Is4() {
		return !inside(closed, a)
	}
	return global.Contains(a) && !inside(holes, a)
}

func inside(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func portOpen(port uint16) bool {
	if port < 1024 {
		return port == 80 || port == 443
	}
	return !guarded[port]
}

// control looks at the address that is about to be dialled, after the name was
// resolved, so that a name which points inward gains nothing.
func control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fault.Wrap(fault.Malformed, "address_not_allowed", err)
	}
	if !Public(ap.Addr()) || !portOpen(ap.Port()) {
		return fault.New(fault.Malformed, "address_not_allowed").With("address", address)
	}
	return nil
}
