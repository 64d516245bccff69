package awsapi

import (
	"context"

	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func tagResource(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.Tag(ctx, in.Get("resourceArn").Text(), tagsIn(in))
}

func untagResource(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	var keys []string
	for _, k := range in.Get("tagKeys").Items() {
		keys = append(keys, k.Text())
	}
	return empty, h.engine.Untag(ctx, in.Get("resourceArn").Text(), keys)
}

func listTagsForResource(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	tags, err := h.engine.TagsOf(ctx, in.Get("resourceArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(tags))
	for i, t := range tags {
		var o object
		o.text("key", t.Key)
		o.text("value", t.Value)
		items[i] = o.value()
	}
	return list("tags", items, ""), nil
}

// tagsIn reads the tags of a request.
func tagsIn(in value.Value) []ledger.Tag {
	var tags []ledger.Tag
	for _, t := range in.Get("tags").Items() {
		tags = append(tags, ledger.Tag{Key: t.Get("key").Text(), Value: t.Get("value").Text()})
	}
	return tags
}
