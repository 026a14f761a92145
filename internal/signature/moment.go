package signature

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"epkr/internal/cms"
	"epkr/internal/trust"
)

// tolerance is by how much clocks may differ.
const tolerance = 5 * time.Minute

// findMoment enters when the signature existed: at the time of a trusted time stamp, otherwise when
// the platform accepted or checked it. What the signer says is only noted.
func (j *judgement) findMoment(s *cms.Signature) {
	m := &Moment{At: utc(j.request.AcceptedAt), Source: cmp.Or(j.request.Since, ByAcceptance), SigningTime: utc(s.SigningTime)}
	stamp, chain, err := j.timeStampOf(s)
	switch {
	case err != nil:
		j.warn(TimeStampUntrusted, whyUntrusted(err))
	case stamp != nil:
		m.At, m.Source, m.TimeStampChain = stamp.Time, ByTimeStamp, describe(chain.Chain)
		j.restOn(chain)
		if !chain.RevocationChecked {
			j.warn(RevocationNotChecked, "Сертификат службы штампов времени.")
		}
		if j.result.Form == CAdESBES {
			j.result.Form = CAdEST
		}
	}
	j.result.Moment = m
	if m.SigningTime.IsZero() {
		return
	}
	switch said := "Указано " + moscow(m.SigningTime) + "."; {
	case m.SigningTime.After(m.At.Add(tolerance)):
		j.warn(SigningTimeAhead, said)
	case m.SigningTime.Before(m.At.Add(-tolerance)) && m.Source != ByCheck:
		j.warn(SigningTimeBehind, said)
	}
}

// whyUntrusted tells people why a time stamp is not trusted.
func whyUntrusted(err error) string {
	if f, known := findingOf(err); known && !errors.Is(err, cms.ErrTimeStamp) {
		return f.Text
	}
	return "Штамп повреждён, поставлен на другую подпись или не службой штампов времени."
}

// timeStampOf returns the time stamp of a signature, and how its authority was judged; nil if there is
// none. The certificate of the authority must be valid at the acceptance too: with the key of one that
// has expired or was revoked, anybody who has it can make a stamp of the past.
func (j *judgement) timeStampOf(s *cms.Signature) (*cms.TimeStamp, trust.Verdict, error) {
	stamp, err := s.ReadTimeStamp()
	if stamp == nil || err != nil {
		return nil, trust.Verdict{}, err
	}
	if stamp.Time.After(j.request.AcceptedAt.Add(tolerance)) {
		return nil, trust.Verdict{}, fmt.Errorf("%w: it is of the future, %v", cms.ErrTimeStamp, stamp.Time)
	}
	var verdict trust.Verdict
	for _, at := range []time.Time{stamp.Time, j.request.AcceptedAt} {
		if verdict, err = j.Trust.Judge(stamp.Certificate, stamp.Certificates, at); err != nil {
			return nil, trust.Verdict{}, err
		}
		if !verdict.Qualified {
			return nil, trust.Verdict{}, fmt.Errorf("%w: it is unqualified", trust.ErrUnknownIssuer)
		}
	}
	return stamp, verdict, nil
}
