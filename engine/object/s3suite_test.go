package object_test

import (
	"testing"

	"statehouse/engine/object"
)

func TestS3(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) object.Store { return object.NewFakeS3(t, 64_000) })
}
