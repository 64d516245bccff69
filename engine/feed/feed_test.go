package feed

import (
	"testing"
	"testing/synctest"

	"statehouse/engine/history"
	"statehouse/engine/interp"
)

func change(id history.ID) Change {
	return Change{Events: []history.Event{{ID: id}}, Status: interp.Running}
}

func TestWatchersHearTheirExecutionInOrder(t *testing.T) {
	t.Parallel()
	f := New()
	a, b, other := f.Subscribe("x"), f.Subscribe("x"), f.Subscribe("y")
	for id := range history.ID(3) {
		f.Publish("x", change(id+1))
	}
	for _, s := range []*Subscription[Change]{a, b} {
		for id := range history.ID(3) {
			if got := <-s.C; got.Events[0].ID != id+1 {
				t.Errorf("got event %d, want %d", got.Events[0].ID, id+1)
			}
		}
	}
	if n := len(other.C); n != 0 {
		t.Errorf("a watcher of another execution heard %d changes", n)
	}
}

func TestASlowWatcherIsLetGoAndOthersAreNot(t *testing.T) {
	t.Parallel()
	f := New()
	slow, quick := f.Subscribe("x"), f.Subscribe("x")
	for id := range history.ID(queue + 10) {
		f.Publish("x", change(id+1))
		<-quick.C
	}
	n := 0
	for range slow.C {
		n++
	}
	if n != queue {
		t.Errorf("the slow watcher got %d changes before it was let go, want %d", n, queue)
	}
	f.Publish("x", change(1000))
	if c, ok := <-quick.C; !ok || c.Events[0].ID != 1000 {
		t.Error("the quick watcher was let go")
	}
	slow.Close()
	quick.Close()
	if len(f.watchers) != 0 {
		t.Error("x is still watched")
	}
}

func TestCloseEndsTheChannelOnce(t *testing.T) {
	t.Parallel()
	f := New()
	s := f.Subscribe("x")
	s.Close()
	s.Close()
	if _, ok := <-s.C; ok {
		t.Error("a closed subscription has changes")
	}
	f.Publish("x", change(1))
	g := f.SubscribeInbox()
	g.Close()
	g.Close()
	if _, ok := <-g.C; ok {
		t.Error("a closed signal has a value")
	}
	f.PublishInbox()
}

func TestManyInboxChangesAreOneSignal(t *testing.T) {
	t.Parallel()
	f := New()
	s := f.SubscribeInbox()
	f.PublishInbox()
	f.PublishInbox()
	<-s.C
	if len(s.C) != 0 {
		t.Error("a second signal waits")
	}
	f.PublishInbox()
	<-s.C
}

func TestWatchersComeAndGoWhileOthersPublish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := New()
		for range 8 {
			go func() {
				for range 200 {
					s := f.Subscribe("x")
					f.Publish("x", change(1))
					<-s.C
					s.Close()
				}
			}()
		}
		synctest.Wait()
		if len(f.watchers) != 0 {
			t.Error("x is still watched")
		}
	})
}
