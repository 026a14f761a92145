// Package signing checks the signatures of an order's documents when they come in, and records what
// was found. The rules of the order and everybody later read the record; nothing is judged anew.
package signing

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/cms"
	"epkr/internal/mchd"
	"epkr/internal/order"
	"epkr/internal/signature"
	"epkr/internal/storage"
	"epkr/internal/trust"
)

// Checks checks and records signatures. It is safe for concurrent use.
type Checks struct {
	store       *db.Store
	files       *storage.Store
	authorities *trust.Source // nil without authorities
}

// New returns the checks by these authorities. Without authorities nothing can be checked, see
// [ErrNoAuthorities]. No registry of powers of attorney is connected, and which powers suffice to sign
// is for people to judge.
func New(store *db.Store, files *storage.Store, authorities *trust.Source) *Checks {
	return &Checks{store: store, files: files, authorities: authorities}
}

var (
	// ErrNoAuthorities means that no authorities are configured, so that no certificate can be judged.
	ErrNoAuthorities = errors.New("no authorities of signatures are configured")
	// ErrUnknownFile means that the order has no such document, or that the signer's party has not
	// uploaded the signature or the power of attorney. The order refuses such a message itself.
	ErrUnknownFile = errors.New("a file of a signature is not stored")
)

// Request is a signature of an order's document to check.
type Request struct {
	Order uuid.UUID
	// By is the sender as the order identifies him: a customer or an engineer.
	By     order.Actor
	Signed order.SignedDocument
	// ReceivedAt is when the platform received the signature, UTC.
	ReceivedAt time.Time
}

// Check returns the result for a signature, which it records. For a signature that was checked before
// it returns the recorded result. Errors: [ErrNoAuthorities], [ErrUnknownFile], those of the database
// and of the storage.
func (c *Checks) Check(ctx context.Context, r Request) (signature.Result, error) {
	k, err := keyOf(r)
	if err != nil {
		return signature.Result{}, err
	}
	if recorded, found, err := c.recorded(ctx, k); err != nil || found {
		return recorded, err
	}
	if c.authorities == nil {
		return signature.Result{}, ErrNoAuthorities
	}
	request, err := c.load(ctx, r, k)
	if err != nil {
		return signature.Result{}, err
	}
	result, evidence, err := c.checker().Check(ctx, request)
	if err != nil {
		return signature.Result{}, fmt.Errorf("checking a signature: %w", err)
	}
	return c.record(ctx, k, result, evidence)
}

// checker returns a checker for one check, which has the same authorities from beginning to end.
func (c *Checks) checker() *signature.Checker {
	return &signature.Checker{Trust: c.authorities.Store(), Registry: mchd.NoRegistry{}}
}

// key identifies a check.
type key struct {
	order, signature, person, party uuid.UUID
	powers                          []string
	document                        string
	role                            order.Role
}

func keyOf(r Request) (key, error) {
	k := key{order: r.Order, document: r.Signed.Document, role: r.By.Role}
	k.powers = r.Signed.Powers.IDs()
	var err1, err2, err3 error
	k.signature, err1 = uuid.Parse(r.Signed.Signature.ID)
	k.person, err2 = uuid.Parse(r.By.Person)
	k.party, err3 = uuid.Parse(r.By.Party)
	if errors.Join(err1, err2, err3) != nil {
		return key{}, ErrUnknownFile
	}
	return k, nil
}

func (c *Checks) recorded(ctx context.Context, k key) (result signature.Result, found bool, err error) {
	row, err := c.store.SignatureCheck(ctx, sqlcgen.SignatureCheckParams{
		SignatureID: k.signature, DocumentSha256: k.document, Powers: k.powers, Role: string(k.role), PartyID: k.party,
	})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return result, false, nil
	case err != nil:
		return result, false, fmt.Errorf("reading the check of a signature: %w", err)
	}
	if err := json.Unmarshal(row.Result, &result); err != nil {
		return result, false, fmt.Errorf("reading the check of a signature: %w", err)
	}
	return result, true, nil
}

// record writes a result down, or returns that which another request has written meanwhile.
func (c *Checks) record(ctx context.Context, k key, result signature.Result, evidence signature.Evidence) (signature.Result, error) {
	encoded, err := json.Marshal(result)
	if err != nil {
		return result, fmt.Errorf("encoding the check of a signature: %w", err)
	}
	hashes, contents := byHash(evidence)
	var added int64
	err = c.store.InTx(ctx, func(q *sqlcgen.Queries) (err error) {
		if err := q.AddSignatureEvidence(ctx, sqlcgen.AddSignatureEvidenceParams{Hashes: hashes, Contents: contents}); err != nil {
			return err
		}
		added, err = q.AddSignatureCheck(ctx, sqlcgen.AddSignatureCheckParams{
			ID: uuid.New(), OrderID: k.order, DocumentSha256: k.document, SignatureID: k.signature, Powers: k.powers,
			PersonID: k.person, Role: string(k.role), PartyID: k.party,
			Valid: result.Valid, Result: encoded, Evidence: hashes, CheckedAt: result.AcceptedAt,
		})
		return err
	})
	if err != nil {
		return result, fmt.Errorf("recording the check of a signature: %w", err)
	}
	if added == 1 {
		return result, nil
	}
	other, found, err := c.recorded(ctx, k)
	if err == nil && !found {
		err = errors.New("the check of a signature is neither recorded nor can it be")
	}
	return other, err
}

// load reads what to check. Files count only as the order counts them: those of the signer's party.
func (c *Checks) load(ctx context.Context, r Request, k key) (signature.Request, error) {
	request := signature.Request{AcceptedAt: r.ReceivedAt}
	digests, err := c.store.DocumentToSign(ctx, sqlcgen.DocumentToSignParams{OrderID: k.order, Sha256: k.document})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return request, ErrUnknownFile
	case err != nil:
		return request, fmt.Errorf("finding a document: %w", err)
	}
	if request.Document.Digests, err = digestsOf(digests); err != nil {
		return request, err
	}
	request.Document.Open = func(ctx context.Context) (io.ReadCloser, error) {
		content, _, err := c.files.Open(ctx, k.document)
		return content, err
	}
	read, err := c.reader(ctx, r, k)
	if err != nil {
		return request, err
	}
	if request.Signature, err = read(r.Signed.Signature, cms.MaxSize); err != nil {
		return request, err
	}
	for i := len(r.Signed.Powers) - 1; i >= 0; i-- {
		power := &signature.Power{Delegates: request.Power}
		if power.XML, err = read(r.Signed.Powers[i].File, mchd.MaxSize); err != nil {
			return request, err
		}
		if power.Signature, err = read(r.Signed.Powers[i].Signature, cms.MaxSize); err != nil {
			return request, err
		}
		request.Power = power
	}
	request.Signer, err = c.signer(ctx, k)
	return request, err
}

// digestsOf returns the digests of a document by the identifiers of their hashes, so that a signature is
// checked as fast for a large document as for a small one.
func digestsOf(d sqlcgen.DocumentToSignRow) (map[string][]byte, error) {
	all := map[string][]byte{}
	for hash, digest := range map[string]string{cms.Streebog256: d.Streebog256, cms.Streebog512: d.Streebog512} {
		if digest == "" {
			continue
		}
		var err error
		if all[hash], err = hex.DecodeString(digest); err != nil {
			return nil, fmt.Errorf("reading the digest of a document: %w", err)
		}
	}
	return all, nil
}

// reader returns a function that reads a file of the signer's party, up to one byte more than the
// limit.
func (c *Checks) reader(ctx context.Context, r Request, k key) (func(order.FileRef, int64) ([]byte, error), error) {
	var ids []uuid.UUID
	for _, f := range r.Signed.Files() {
		id, err := uuid.Parse(f.ID)
		if err != nil {
			return nil, ErrUnknownFile
		}
		ids = append(ids, id)
	}
	rows, err := c.store.StoredFiles(ctx, sqlcgen.StoredFilesParams{OrderID: k.order, Ids: ids, Person: k.person, Role: string(k.role), Party: &k.party})
	if err != nil {
		return nil, fmt.Errorf("finding the files of a signature: %w", err)
	}
	stored := map[order.FileRef]bool{}
	for _, row := range rows {
		stored[order.FileRef{ID: row.ID.String(), SHA256: row.Sha256}] = true
	}
	return func(f order.FileRef, limit int64) ([]byte, error) {
		if !stored[f] {
			return nil, ErrUnknownFile
		}
		content, _, err := c.files.Open(ctx, f.SHA256)
		if err != nil {
			return nil, fmt.Errorf("opening a file of a signature: %w", err)
		}
		defer content.Close()
		data, err := io.ReadAll(io.LimitReader(content, limit+1))
		if err != nil {
			return nil, fmt.Errorf("reading a file of a signature: %w", err)
		}
		return data, nil
	}, nil
}

// signer returns who has to sign: the person of the engineer, or the customer.
func (c *Checks) signer(ctx context.Context, k key) (signature.Party, error) {
	if k.role == order.RoleEngineer {
		e, err := c.store.SigningEngineer(ctx, k.party)
		if err != nil {
			return signature.Party{}, fmt.Errorf("reading who signs: %w", err)
		}
		party := signature.Party{Kind: signature.Person, SNILS: e.Snils, PersonINN: e.PersonInn}
		if e.Entrepreneur {
			party.Kind, party.INN, party.OGRN = signature.Entrepreneur, e.Inn, e.Ogrnip
		}
		return party, nil
	}
	p, err := c.store.SigningCustomer(ctx, sqlcgen.SigningCustomerParams{PartyID: k.party, PersonID: k.person})
	if err != nil {
		return signature.Party{}, fmt.Errorf("reading who signs: %w", err)
	}
	return signature.Party{Kind: signature.PartyKind(p.Kind), SNILS: p.Snils, PersonINN: p.PersonInn, INN: p.Inn, OGRN: p.Ogrn}, nil
}
