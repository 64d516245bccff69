package items

import (
	"fmt"

	"statehouse/engine/value"
)

// MaxInput is the size of a child's input that AWS takes, in bytes of JSON.
const MaxInput = 256 << 10

// BatchConfig is an ItemBatcher as evaluated. It is plain data.
type BatchConfig struct {
	MaxItems int64       `json:"maxItems,omitzero"` // MaxItemsPerBatch, 0 = no limit
	MaxBytes int64       `json:"maxBytes,omitzero"` // MaxInputBytesPerBatch, 0 = Most
	Most     int64       `json:"most,omitzero"`     // bytes that an input may have, 0 = MaxInput
	Input    value.Value `json:"input,omitzero"`    // BatchInput, Absent = none
}

// Batch is the input of one child, {"BatchInput":…,"Items":[…]}, and how many items it holds.
type Batch struct {
	Input value.Value
	Items int64
}

// Batcher groups items in the order in which they come. It holds the items of one batch.
type Batcher struct {
	config BatchConfig
	items  []value.Value
	empty  int64 // bytes of a batch without items
	size   int64 // bytes of the batch that is being filled
}

// NewBatcher begins with an empty batch.
func NewBatcher(c BatchConfig) *Batcher {
	if c.Most <= 0 {
		c.Most = MaxInput
	}
	if c.MaxBytes <= 0 || c.MaxBytes > c.Most {
		c.MaxBytes = c.Most
	}
	b := &Batcher{config: c}
	b.empty = int64(b.batch(nil).Size())
	b.size = b.empty
	return b
}

// Add takes the next item. When that completes a batch it is answered: a batch with the item
// when it was the last that it may hold, one without it when the item did not fit in any more.
// An item that fits into no batch fails with States.DataLimitExceeded.
func (b *Batcher) Add(item value.Value) (full Batch, ok bool, err error) {
	n := int64(item.Size())
	if b.empty+n > b.config.MaxBytes {
		return Batch{}, false, &Failure{Code: DataLimit, Cause: fmt.Sprintf(
			"The size of the item (%d bytes) exceeds what a batch may hold (%d bytes).", n, b.config.MaxBytes-b.empty)}
	}
	if len(b.items) > 0 && b.size+1+n > b.config.MaxBytes {
		full, ok = b.Flush()
	}
	if len(b.items) > 0 {
		n++ // the comma
	}
	b.items = append(b.items, item)
	b.size += n
	if b.config.MaxItems > 0 && int64(len(b.items)) >= b.config.MaxItems {
		full, ok = b.Flush()
	}
	return full, ok, nil
}

// Flush answers the batch that is not yet full; ok is false when there is none.
func (b *Batcher) Flush() (last Batch, ok bool) {
	if len(b.items) == 0 {
		return Batch{}, false
	}
	last = Batch{Input: b.batch(b.items), Items: int64(len(b.items))}
	b.items, b.size = nil, b.empty
	return last, true
}

func (b *Batcher) batch(items []value.Value) value.Value {
	return value.Object(
		value.Member{Key: "BatchInput", Value: b.config.Input},
		value.Member{Key: "Items", Value: value.Array(items...)},
	)
}
