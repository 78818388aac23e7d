package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

func drawn(size int, at func(x, y int) color.RGBA) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			picture.SetRGBA(x, y, at(x, y))
		}
	}
	return picture
}

func TestFewColoursStayAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tint := rapid.Custom(func(t *rapid.T) color.RGBA {
			return color.RGBA{rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b"), 255}
		})
		tints := rapid.SliceOfN(tint, 1, 40).Draw(t, "tints")
		full := drawn(8, func(x, y int) color.RGBA { return tints[(x+8*y)%len(tints)] })
		small := paletted(full, colours)
		for y := range 8 {
			for x := range 8 {
				if got := color.RGBAModel.Convert(small.At(x, y)); got != full.RGBAAt(x, y) {
					t.Fatalf("%d,%d is %v, was %v", x, y, got, full.RGBAAt(x, y))
				}
			}
		}
	})
}

func TestManyColoursComeNearAndTheSurfaceStays(t *testing.T) {
	surface := color.RGBA{247, 248, 250, 255}
	full := drawn(128, func(x, y int) color.RGBA {
		if y > 64 {
			return surface
		}
		return color.RGBA{uint8(2 * x), uint8(4 * y), uint8(x + y), 255}
	})
	small := paletted(full, colours)
	if len(small.Palette) > colours {
		t.Errorf("%d colours", len(small.Palette))
	}
	if got := small.At(5, 100); got != surface {
		t.Errorf("the surface became %v", got)
	}
	for y := range 64 {
		for x := range 128 {
			r, g, b, _ := small.At(x, y).RGBA()
			was := full.RGBAAt(x, y)
			for channel, pair := range [][2]int{{int(r >> 8), int(was.R)}, {int(g >> 8), int(was.G)}, {int(b >> 8), int(was.B)}} {
				if away := max(pair[0]-pair[1], pair[1]-pair[0]); away > 80 {
					t.Fatalf("%d,%d is %d away in channel %d", x, y, away, channel)
				}
			}
		}
	}
}

func TestShrinkWritesOnlyWhatIsSmaller(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.png")
	var b bytes.Buffer
	full := drawn(256, func(x, y int) color.RGBA { return color.RGBA{uint8(x * y), uint8(x), uint8(y), 255} })
	if err := png.Encode(&b, full); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := shrink(file); err != nil {
		t.Fatal(err)
	}
	once, err := os.ReadFile(file)
	if err != nil || len(once) >= b.Len() {
		t.Fatalf("%d bytes of %d, %v", len(once), b.Len(), err)
	}
	if err := shrink(file); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(file); !bytes.Equal(once, again) {
		t.Error("a second time changes it")
	}
	if err := os.WriteFile(file, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := shrink(file); err == nil {
		t.Error("what is no picture is taken for one")
	}
}
