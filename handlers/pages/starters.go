package pages

import (
	"context"

	"statehouse/engine/starter"
	"statehouse/templates/pages"
)

// starters is the gallery, the chosen one marked.
func (h *Handler) starters(ctx context.Context, chosen string) []pages.StarterCard {
	all := starter.All()
	if _, ok := starter.Find(chosen); !ok && len(all) > 0 {
		chosen = all[0].ID
	}
	cards := make([]pages.StarterCard, 0, len(all))
	for _, s := range all {
		cards = append(cards, pages.StarterCard{
			ID: s.ID, Title: s.Title, Text: s.Description, Picture: h.picture(ctx, s.Definition), Chosen: s.ID == chosen,
		})
	}
	return cards
}
