package mchd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"epkr/internal/mchd"
	"epkr/internal/testenv/cost"
)

// errorsOf are all errors of reading.
var errorsOf = []error{
	mchd.ErrTooLarge, mchd.ErrNotPowerOfAttorney, mchd.ErrFormat002, mchd.ErrFormat, mchd.ErrIncomplete, mchd.ErrPrincipalKind, mchd.ErrRepresentativeKind,
}

// FuzzRead reads any bytes as a power of attorney. An error is one of this package. What is accepted
// names a principal who can be told from others, a representative and powers in text that can be shown;
// it says the same in windows-1251, and its authority is nobody else's.
func FuzzRead(f *testing.F) {
	p := given()
	p.Text = "подписывать"
	f.Add(p.XML())
	p.Parent, p.Principal = parent, agent
	f.Add(p.XML())
	p.Parent, p.Principal = "", head.Entrepreneur()
	f.Add(p.XML())
	f.Add([]byte(`<Доверенность ВерсФорм="002" ИдФайл="ON_DOVBB_1"><Документ/></Доверенность>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		var p *mchd.PowerOfAttorney
		var err error
		spent := cost.Of(func() { p, err = mchd.Read(file) })
		require.Less(t, spent.Allocated, uint64(4<<20+128*len(file)), "%v for %d bytes", spent, len(file))
		require.Less(t, spent.CPU, 2*time.Second, "%v for %d bytes", spent, len(file))
		if err != nil {
			require.True(t, slices.ContainsFunc(errorsOf, func(one error) bool { return errors.Is(err, one) }), err)
			return
		}
		requireUsable(t, p)
		text := bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
		if cp1251, err := charmap.Windows1251.NewEncoder().Bytes(bytes.Replace(text, []byte(`encoding="UTF-8"`), []byte(`encoding="windows-1251"`), 1)); err == nil &&
			bytes.HasPrefix(text, []byte(`<?xml version="1.0" encoding="UTF-8"?>`)) {
			same, err := mchd.Read(cp1251)
			require.NoError(t, err)
			require.Equal(t, p, same)
		}
	})
}

func requireUsable(t *testing.T, p *mchd.PowerOfAttorney) {
	t.Helper()
	require.NotEmpty(t, p.Principals)
	require.NotEmpty(t, p.Representatives)
	require.Len(t, p.Number, 36)
	require.True(t, p.Powers.Text != "" || len(p.Powers.Codes) > 0)
	for _, one := range p.Principals {
		require.NotEmpty(t, one.INN+one.OGRN+one.Signer.SNILS)
		require.NotEmpty(t, one.Signer.SNILS+one.Signer.INN)
		_, err := p.PrincipalOf(one.INN, one.OGRN, one.Signer.SNILS)
		require.NoError(t, err)
	}
	for _, one := range p.Representatives {
		_, err := p.RepresentativeOf(one.SNILS, one.INN)
		require.NoError(t, err)
	}
	if p.IssuedOn <= p.ExpiresOn {
		require.NoError(t, p.CheckTerm(p.IssuedOn))
		require.NoError(t, p.CheckTerm(p.ExpiresOn))
	}
	require.ErrorIs(t, p.CheckTerm("0000"), mchd.ErrNotYetValid)
	require.ErrorIs(t, p.CheckTerm("9999-99"), mchd.ErrExpired)
	require.ErrorIs(t, p.CheckParent(nil), mchd.ErrDelegated)
	require.ErrorIs(t, p.CheckParent(p), mchd.ErrParent, "it is not its own parent")
	_, err := p.PrincipalOf("", "", "")
	require.ErrorIs(t, err, mchd.ErrPrincipal)
	_, err = p.RepresentativeOf("", "")
	require.ErrorIs(t, err, mchd.ErrRepresentative)
	shown, err := json.Marshal(p)
	require.NoError(t, err)
	require.True(t, utf8.Valid(shown))
	require.False(t, bytes.ContainsFunc(shown, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r) }), "%s", shown)
}
