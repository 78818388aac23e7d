// Command pictures makes screenshots small: PNG files with a palette of their
// own, which is a third of the size and looks the same for flat colours.
//
//	go run ./scripts/pictures FOLDER…
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
)

// colours in a palette: enough for text with soft edges on the product's few surfaces.
const colours = 96

func main() {
	for _, folder := range os.Args[1:] {
		files, err := filepath.Glob(filepath.Join(folder, "*.png"))
		for _, file := range files {
			if err == nil {
				err = shrink(file)
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "pictures:", err)
			os.Exit(1)
		}
	}
}

// shrink writes a file anew where that makes it smaller.
func shrink(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	full, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if _, done := full.(*image.Paletted); done {
		return nil
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, paletted(full, colours)); err != nil {
		return err
	}
	if out.Len() >= len(raw) {
		return nil
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}

// paletted is a picture in at most so many colours, each pixel in the nearest.
func paletted(full image.Image, most int) *image.Paletted {
	counts := map[color.RGBA]int{}
	bounds := full.Bounds()
	at := func(x, y int) color.RGBA {
		r, g, b, _ := full.At(x, y).RGBA()
		return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[at(x, y)]++
		}
	}
	palette := choose(counts, most)
	nearest := make(map[color.RGBA]uint8, len(counts))
	for c := range counts {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	return out
}

// tone is a colour and how many pixels have it.
type tone struct {
	at    [3]int
	count int
}

// choose splits the colours at the middle of their widest spread until there
// are enough groups, and takes each group's most frequent one, so that
// surfaces keep their exact colour.
func choose(counts map[color.RGBA]int, most int) color.Palette {
	tones := make([]tone, 0, len(counts))
	for c, n := range counts {
		tones = append(tones, tone{[3]int{int(c.R), int(c.G), int(c.B)}, n})
	}
	slices.SortFunc(tones, func(a, b tone) int {
		return cmp.Or(cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1]), cmp.Compare(a.at[2], b.at[2]))
	})
	groups := [][]tone{tones}
	for len(groups) < most {
		widest, axis, width := 0, 0, 0
		for i, group := range groups {
			if a, w := spread(group); w > width {
				widest, axis, width = i, a, w
			}
		}
		if width == 0 {
			break
		}
		low, high := split(groups[widest], axis)
		groups[widest] = low
		groups = append(groups, high)
	}
	var palette color.Palette
	for _, group := range groups {
		c := slices.MaxFunc(group, func(a, b tone) int { return cmp.Compare(a.count, b.count) }).at
		palette = append(palette, color.RGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255})
	}
	return palette
}

// spread is the channel in which a group differs most, and by how much.
func spread(group []tone) (axis, width int) {
	for channel := range 3 {
		low, high := 255, 0
		for _, t := range group {
			low, high = min(low, t.at[channel]), max(high, t.at[channel])
		}
		if high-low > width {
			axis, width = channel, high-low
		}
	}
	return axis, width
}

// split parts a group at the middle of a channel's range; both parts have something.
func split(group []tone, axis int) (low, high []tone) {
	slices.SortStableFunc(group, func(a, b tone) int { return cmp.Compare(a.at[axis], b.at[axis]) })
	middle := (group[0].at[axis] + group[len(group)-1].at[axis] + 1) / 2
	at := slices.IndexFunc(group, func(t tone) bool { return t.at[axis] >= middle })
	return group[:at], group[at:]
}
