package truetype

import (
	"encoding/binary"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func ptSerif(t *testing.T) *Font {
	data, err := os.ReadFile("../resources/PTSerif-Regular.ttf")
	require.NoError(t, err)
	f, err := Parse(data)
	require.NoError(t, err)
	return f
}

// TestTheFontHasTheCharactersOfDocuments names the characters that a contract cannot do without.
func TestTheFontHasTheCharactersOfDocuments(t *testing.T) {
	for _, file := range []string{"PTSerif-Regular.ttf", "PTSerif-Bold.ttf"} {
		data, err := os.ReadFile("../resources/" + file)
		require.NoError(t, err)
		f, err := Parse(data)
		require.NoError(t, err)
		for _, r := range "АЯаяЁё №₽—–«»„“§%°²³½±×…’•\u00a0\u00ad ЎўҮүӨөҢңҺһҖҗӘәҠҡҒғҘҙҪҫІіЇїЄєҐґ AZaz09@/_&éüłç" {
			_, found := f.Glyph(r)
			require.True(t, found, "%s has no %U %c", file, r, r)
		}
		_, found := f.Glyph('😀')
		require.False(t, found)
	}
}

func TestMetrics(t *testing.T) {
	f := ptSerif(t)
	require.Equal(t, []int{1039, -286, 700}, []int{f.Ascent, f.Descent, f.CapHeight})
	i, _ := f.Glyph('i')
	w, _ := f.Glyph('Щ')
	require.Less(t, f.Advance(i), f.Advance(w))
	short, _ := f.Glyph('и')
	long, _ := f.Glyph('й')
	require.Equal(t, f.Advance(short), f.Advance(long))
}

// TestASubsetIsAFontWithTheSameGlyphs compares outlines and advances with those of the whole font. The
// letter й is composed of и and a breve.
func TestASubsetIsAFontWithTheSameGlyphs(t *testing.T) {
	f := ptSerif(t)
	glyphs := []GlyphID{0}
	for _, r := range "Да й" {
		g, found := f.Glyph(r)
		require.True(t, found)
		glyphs = append(glyphs, g)
	}
	file, count := f.Subset(glyphs)
	require.Greater(t, count, len(glyphs), "the parts of й")
	require.Equal(t, uint32(0xB1B0AFBA), checksum(file))
	require.Less(t, len(file), 8_000)

	subset := &Font{tables: map[string][]byte{}}
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		entry := file[12+16*i:]
		offset, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		table := file[offset : offset+length]
		if string(entry[:4]) != "head" {
			require.Equal(t, binary.BigEndian.Uint32(entry[4:]), checksum(table))
		}
		subset.tables[string(entry[:4])] = table
	}
	subset.tables["OS/2"] = f.tables["OS/2"]
	subset.readMetrics()
	require.Equal(t, count, subset.metrics)
	for i, g := range glyphs {
		require.Equal(t, f.Advance(g), subset.Advance(GlyphID(i)))
		if len(components(f.outline(g))) == 0 {
			require.Equal(t, f.outline(g), trim(subset.outline(GlyphID(i)), len(f.outline(g))))
		}
	}
	whole, part := f.outline(glyphs[4]), subset.outline(4)
	for i, at := range components(whole) {
		number := GlyphID(binary.BigEndian.Uint16(part[components(part)[i]:]))
		original := f.outline(GlyphID(binary.BigEndian.Uint16(whole[at:])))
		require.Equal(t, original, trim(subset.outline(number), len(original)))
	}
}

// trim drops the padding of an outline.
func trim(outline []byte, length int) []byte { return outline[:length] }

func TestDamagedFontsAreRefused(t *testing.T) {
	data, err := os.ReadFile("../resources/PTSerif-Regular.ttf")
	require.NoError(t, err)
	for _, damaged := range [][]byte{nil, data[:11], data[:200_000], append([]byte("OTTO"), data[4:]...), []byte("\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")} {
		_, err := Parse(damaged)
		require.Error(t, err)
	}
}
