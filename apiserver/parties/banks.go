package parties

import (
	"context"
	"errors"
	"fmt"
	"time"

	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
)

// Bank is an entry of the directory of БИК.
type Bank struct {
	BIC                  string `json:"bic" doc:"БИК"`
	Name                 string `json:"name" doc:"Наименование"`
	Place                string `json:"place,omitempty" doc:"Населённый пункт"`
	CorrespondentAccount string `json:"correspondentAccount,omitempty" doc:"Корреспондентский или единый казначейский счет; нет, если справочник его не называет"`
	AsOf                 string `json:"asOf" format:"date" doc:"Дата справочника"`
}

type bankOutput struct{ Body Bank }

func (s *Service) showBank(ctx context.Context, in *struct {
	BIC string `path:"bic" pattern:"^[0-9]{9}$" doc:"БИК"`
},
) (*bankOutput, error) {
	bank, err := findBank(ctx, s.Store.Queries, in.BIC)
	if err != nil {
		return nil, err
	}
	if bank == nil {
		return nil, problems.New(problems.NotFound).WithDetail("В справочнике Банка России такого БИК нет. Проверьте БИК или укажите банк сами.")
	}
	return &bankOutput{*bank}, nil
}

// findBank returns the bank with a БИК; nil if the directory has none.
func findBank(ctx context.Context, q *sqlcgen.Queries, bic string) (*Bank, error) {
	row, err := q.Bank(ctx, bic)
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("finding a bank: %w", err)
	}
	return &Bank{
		BIC: row.Bic, Name: row.Name, Place: row.Place, CorrespondentAccount: row.CorrespondentAccount, AsOf: row.AsOf.Format(time.DateOnly),
	}, nil
}
