package sqldb

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestThePasswordIsKeptFromTheCommandLine: every user of the machine reads the
// arguments of a tool; the password reaches it another way, wherever it stood.
func TestThePasswordIsKeptFromTheCommandLine(t *testing.T) {
	for _, c := range []struct{ name, address, target, password string }{
		{"none", "postgres://app@db/clew", "postgres://app@db/clew", ""},
		{"beside the user", "postgres://app:s3cret@db:5433/clew", "postgres://app@db:5433/clew", "s3cret"},
		{"with signs", "postgres://app:p%40ss%3Aw%2Frd@db/clew", "postgres://app@db/clew", "p@ss:w/rd"},
		{"in another script", "postgres://app:%E5%AF%86@db/clew", "postgres://app@db/clew", "密"},
		{"empty", "postgres://app:@db/clew", "postgres://app:@db/clew", ""},
		{"among the parameters", "postgres://app@db/clew?password=s3cret&sslmode=require", "postgres://app@db/clew?sslmode=require", "s3cret"},
		{"in both places, as our driver reads it", "postgres://app:first@db/clew?password=second", "postgres://app@db/clew", "second"},
		{"what our driver alone knows", "postgres://db/clew?pool_max_conns=4&sslmode=verify-full&sslrootcert=/ca.pem", "postgres://db/clew?sslmode=verify-full&sslrootcert=%2Fca.pem", ""},
		{"a socket", "postgres:///clew?host=/run/postgresql&user=app&password=x", "postgres:///clew?host=%2Frun%2Fpostgresql&user=app", "x"},
		{"a key's own password", "postgres://db/clew?sslkey=/k.pem&sslpassword=x", "postgres://db/clew?sslkey=%2Fk.pem", ""},
	} {
		target, password, err := toolAddress(c.address)
		if err != nil || target != c.target || password != c.password {
			t.Errorf("%s: %s, %q, %v, want %s, %q", c.name, target, password, err, c.target, c.password)
		}
	}
	if _, _, err := toolAddress("postgres://app:p@ss%zz@db/clew"); err == nil {
		t.Error("an address that is none is taken")
	}
}

// TestWhichDatabaseAnAddressMeans: only an address of a server means one.
func TestWhichDatabaseAnAddressMeans(t *testing.T) {
	for url, want := range map[string]string{
		"": "sqlite", "postgres://db/clew": "postgres", "postgresql://db/clew": "postgres", "/var/lib/clew": "sqlite", "postgres": "sqlite", "mysql://db/clew": "sqlite",
	} {
		if got := (Options{URL: url}).Product(); got != want {
			t.Errorf("%q is %s, want %s", url, got, want)
		}
	}
}

// Property: the differences of two contents are the tables that only one has, or
// that both have with other rows; the order of tables is no difference.
func TestDifferencesNameTheTables(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(r *rapid.T) {
		draw := func(label string) (Content, map[string]Table) {
			var c Content
			tables := map[string]Table{}
			for _, name := range rapid.Permutation(names).Draw(r, label+" order") {
				if n := rapid.Int64Range(0, 3).Draw(r, label+" rows of "+name); n > 0 {
					one := Table{name, n, rapid.SampledFrom([]string{"x", "y"}).Draw(r, "digest")}
					c.Tables, tables[name] = append(c.Tables, one), one
				}
			}
			return c, tables
		}
		c, ofC := draw("first")
		d, ofD := draw("second")
		var want []string
		for _, name := range names {
			if ofC[name] != ofD[name] {
				want = append(want, name)
			}
		}
		for _, got := range [][]string{c.Differences(d), d.Differences(c)} {
			slices.Sort(got)
			if !slices.Equal(got, want) {
				r.Fatalf("%v and %v differ in %v, want %v", c, d, got, want)
			}
		}
		var rows int64
		for _, one := range ofC {
			rows += one.Rows
		}
		if c.Rows() != rows {
			r.Fatalf("%v has %d rows", c, c.Rows())
		}
	})
}

// FuzzUnnumbered: numbering the parameters again gives the text back; what is
// quoted is never touched.
func FuzzUnnumbered(f *testing.F) {
	for _, text := range []string{
		"INSERT INTO a VALUES ($1,$2)", "SELECT '$1', $1", `SELECT "a$1b" FROM t WHERE x=$1`, "$1$2", "'it''s' $1", "$1 - $2 / $3", "$01", "$1-- $2", "a?b", "'", `"$1`, "$10", "$1$10",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := unnumbered(text)
		if got == text {
			return
		}
		if strings.Contains(withoutQuoted(text), "?") {
			t.Fatalf("%q has parameters of its own kind and became %q", text, got)
		}
		if back := numbered(got); back != text {
			t.Fatalf("%q became %q, which means %q", text, got, back)
		}
	})
}

// numbered puts $1, $2 … for each ? that is not quoted.
func numbered(text string) string {
	n := 0
	return outsideQuotes(text, func(c byte) string {
		if c != '?' {
			return string([]byte{c})
		}
		n++
		return "$" + strings.TrimLeft(string([]byte{byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)}), "0")
	})
}

func withoutQuoted(text string) string {
	var out strings.Builder
	outsideQuotes(text, func(c byte) string { out.WriteByte(c); return "" })
	return out.String()
}

// outsideQuotes replaces the bytes of a text that are not in quotes.
func outsideQuotes(text string, by func(c byte) string) string {
	var out strings.Builder
	var quote byte
	for i := range len(text) {
		c := text[i]
		switch {
		case quote != 0:
			out.WriteByte(c)
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
			out.WriteByte(c)
		default:
			out.WriteString(by(c))
		}
	}
	return out.String()
}
