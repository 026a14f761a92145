package signature_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/cms"
	"epkr/internal/gost"
	"epkr/internal/order"
	"epkr/internal/signature"
	"epkr/internal/testenv/cost"
)

// declared returns the names and values of the constants of a type, or of the variables of errors, in
// the files of a package.
func declared(t *testing.T, folder, prefix string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, isSpec := n.(*ast.ValueSpec)
			if !isSpec {
				return true
			}
			kind, typed := spec.Type.(*ast.Ident)
			switch {
			case prefix != "" && strings.HasPrefix(spec.Names[0].Name, prefix):
				names = append(names, filepath.Base(folder)+"."+spec.Names[0].Name)
			case prefix == "" && typed && kind.Name == "Code":
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				names = append(names, value)
			}
			return true
		})
	}
	require.NotEmpty(t, names)
	return names
}

// Every code has a text that says in Russian what is wrong, and is given to a signature of the tests;
// no two have the same value.
func TestEveryCode(t *testing.T) {
	t.Parallel()
	given := map[signature.Code]bool{signature.PowerRevoked: true, signature.PowerInsufficient: true} // TestRegistryAndPowers
	for _, c := range theKit(t).agreements(t) {
		for _, code := range append(c.refused, c.warned...) {
			given[code] = true
		}
	}
	codes := declared(t, ".", "")
	for _, code := range codes {
		require.True(t, given[signature.Code(code)], "no case has the code %s", code)
		require.Regexp(t, `^[А-ЯЁ].*\.$`, signature.Texts[signature.Code(code)], code)
	}
	slices.Sort(codes)
	require.Len(t, slices.Compact(codes), len(signature.Texts), "no two codes are equal, and no text is without one")
}

// Every error by which the packages below refuse stands for a refusal.
func TestEveryErrorIsARefusal(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("findings.go")
	require.NoError(t, err)
	for _, folder := range []string{"../cms", "../trust", "../mchd"} {
		for _, name := range declared(t, folder, "Err") {
			if name == "cms.ErrTimeStamp" { // a warning
				continue
			}
			require.Contains(t, string(table), ", "+name+", ", name)
		}
	}
}

// A result survives being stored.
func TestResultIsStored(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	request := signature.Request{
		Document: signature.Bytes(contract), Signature: k.stamped(t, "agent", "tsa-old", k.now()), AcceptedAt: k.now().Add(time.Hour),
		Signer: theOrganisation, Power: k.power(t, k.given(), "head"),
	}
	for _, document := range [][]byte{contract, changed} {
		request.Document = signature.Bytes(document)
		r, _, err := k.checker(all).Check(t.Context(), request)
		require.NoError(t, err)
		stored, err := json.Marshal(r)
		require.NoError(t, err)
		var read signature.Result
		require.NoError(t, json.Unmarshal(stored, &read))
		require.Equal(t, r, read)
	}
}

// Refusals say what this certificate has.
func TestDetails(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	for by, detail := range map[string]string{
		"expired": "Срок действия: с ", "by-foreign": "Издатель: Посторонний УЦ.", "revoked": "Отозван " + k.made.Add(-time.Hour).In(order.Moscow).Format("02.01.2006 15:04") + " МСК.",
		"stranger": "Сертификат выдан: Посторонний Иван Иванович.", "former-head": "Сертификат выдан: Посторонний Иван Иванович (ООО «Межа»).",
	} {
		signer := theEngineer
		if by == "former-head" {
			signer = theOrganisation
		}
		r, _, err := k.checker(all).Check(t.Context(), signature.Request{
			Document: signature.Bytes(contract), Signature: k.sign(t, by, contract), AcceptedAt: k.now(), Signer: signer,
		})
		require.NoError(t, err)
		require.Len(t, r.Refusals, 1)
		require.Contains(t, r.Refusals[0].Detail, detail, by)
	}
}

// A document whose digest is known is not read, and one that cannot be read, or whose reading is
// cancelled, gives no result.
func TestContent(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	request := signature.Request{Signature: k.sign(t, "engineer", contract), AcceptedAt: k.now(), Signer: theEngineer}
	check := func(ctx context.Context, c signature.Content) (signature.Result, error) {
		request.Document = c
		r, _, err := k.checker(all).Check(ctx, request)
		return r, err
	}
	digest := gost.Sum256(contract)
	r, err := check(t.Context(), signature.Content{Digests: map[string][]byte{"1.2.643.7.1.1.2.2": digest[:]}})
	require.NoError(t, err)
	require.True(t, r.Valid)
	require.Zero(t, r.Document.Size)
	digest[0] ^= 1
	r, err = check(t.Context(), signature.Content{Digests: map[string][]byte{"1.2.643.7.1.1.2.2": digest[:]}})
	require.NoError(t, err)
	require.Equal(t, refusals{signature.OtherDocument}, codes(r.Refusals))

	r, err = check(t.Context(), signature.Bytes(contract))
	require.NoError(t, err)
	require.EqualValues(t, len(contract), r.Document.Size)

	opened := 0
	r, err = check(t.Context(), signature.Content{Open: func(ctx context.Context) (io.ReadCloser, error) {
		if opened++; opened > 1 {
			return nil, signature.ErrOnce
		}
		return signature.Bytes([]byte("another")).Open(ctx)
	}})
	require.NoError(t, err)
	require.Equal(t, refusals{signature.OtherDocument}, codes(r.Refusals))
	require.Equal(t, 2, opened)

	gone := errors.New("gone")
	_, err = check(t.Context(), signature.Content{Open: func(context.Context) (io.ReadCloser, error) { return nil, gone }})
	require.ErrorIs(t, err, gone)
	_, err = check(t.Context(), signature.Content{})
	require.Error(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = check(ctx, signature.Bytes(contract))
	require.ErrorIs(t, err, context.Canceled)
}

// A large document is read once, and with memory that does not depend on its size.
func TestLargeDocument(t *testing.T) {
	const size = 100 << 20
	k := theKit(t)
	path := save(t, nil)
	file, err := os.Create(path)
	require.NoError(t, err)
	for range size / (1 << 20) {
		_, err := file.Write(bytes.Repeat([]byte("межа"), 1<<17))
		require.NoError(t, err)
	}
	require.NoError(t, file.Close())
	signed, err := k.SignFile("engineer", path, "-cades")
	require.NoError(t, err)
	var opened atomic.Int32
	content := signature.Content{Open: func(context.Context) (io.ReadCloser, error) {
		opened.Add(1)
		return os.Open(path)
	}}
	request := signature.Request{Document: content, Signature: signed, AcceptedAt: k.now(), Signer: theEngineer}
	var r signature.Result
	spent := cost.Of(func() { r, _, err = k.checker(all).Check(t.Context(), request) })
	require.NoError(t, err)
	require.True(t, r.Valid)
	require.EqualValues(t, size, r.Document.Size)
	require.EqualValues(t, 1, opened.Load())
	t.Logf("%d MB: %v", size>>20, spent)
	require.Less(t, spent.Allocated, uint64(8<<20))
	_, err = k.Run("cms", "-verify", "-binary", "-inform", "DER", "-in", save(t, signed), "-content", path, "-CAfile", k.stores[noLists].file, "-out", os.DevNull)
	require.NoError(t, err)
}

// Hostile signatures are refused with memory of a small multiple of their size.
func TestHostileSignatures(t *testing.T) {
	k := theKit(t)
	good := k.sign(t, "engineer", contract)
	for name, s := range map[string][]byte{
		"nested":       bytes.Repeat([]byte{0x30, 0x80}, 5<<20/2),
		"zeros":        make([]byte, 5<<20),
		"base64":       bytes.Repeat([]byte("MIAG"), 5<<20/4),
		"BEGIN":        append([]byte("-----BEGIN CMS-----\n"), bytes.Repeat([]byte("MIAG"), 5<<20/4)...),
		"many BEGINs":  bytes.Repeat([]byte("-----BEGIN CMS-----\n"), 1<<18),
		"good, nested": append(bytes.Clone(good[:200]), bytes.Repeat([]byte{0x30, 0x80}, 1<<20)...),
	} {
		require.Less(t, len(s), cms.MaxSize, name)
		var r signature.Result
		var err error
		spent := cost.Of(func() {
			r, _, err = k.checker(all).Check(t.Context(), signature.Request{Document: signature.Bytes(contract), Signature: s, AcceptedAt: k.now(), Signer: theEngineer})
		})
		require.NoError(t, err, name)
		require.False(t, r.Valid, name)
		require.Less(t, spent.Allocated, uint64(64<<20), name)
	}
}
