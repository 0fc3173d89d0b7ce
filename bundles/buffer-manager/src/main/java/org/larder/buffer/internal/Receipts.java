package org.larder.buffer.internal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.Route;
import org.larder.journal.Journal;
import org.larder.storage.model.CollectionSchema;

/** Says what became of what was acknowledged: computed, never stored. Free for any thread. */
final class Receipts {
  private final Journal journal;
  private final Catalogue catalogue;
  private final Routing routing;
  private final Duplicates found;

  Receipts(Journal journal, Catalogue catalogue, Routing routing, Duplicates found) {
    this.journal = journal;
    this.catalogue = catalogue;
    this.routing = routing;
    this.found = found;
  }

  /** Empty if the text is no receipt of this journal. */
  Optional<ReceiptState> stateOf(String receipt) {
    return Tokens.decode(journal.id(), receipt)
        .filter(stretch -> stretch.epoch() <= journal.epoch() && stretch.count() > 0)
        .map(this::stateOf);
  }

  private ReceiptState stateOf(Tokens.Stretch stretch) {
    OptionalLong epochEnd = journal.epochEnd(stretch.epoch());
    boolean lost =
        journal.lost(stretch.first(), stretch.end())
            || (epochEnd.isPresent() && stretch.end() > epochEnd.getAsLong());
    if (lost) {
      return new ReceiptState(ReceiptState.State.LOST, stretch.count(), List.of());
    }
    Follower follower = routing.primaryOf(collectionOf(stretch));
    if (follower.progress().reached() < stretch.end()) {
      return new ReceiptState(ReceiptState.State.PENDING, stretch.count(), List.of());
    }
    DeadLetterLog deadLetters = follower.deadLetters();
    List<String> duplicates = found.between(stretch.first(), stretch.end());
    ReceiptState.State state = ReceiptState.State.STORED;
    if (deadLetters.lacks(stretch.first(), stretch.end())) {
      state = ReceiptState.State.DEAD_LETTERED;
    } else if (!duplicates.isEmpty()) {
      state = ReceiptState.State.DUPLICATE;
    }
    return new ReceiptState(
        state, stretch.count(), deadLetters.between(stretch.first(), stretch.end()), duplicates);
  }

  private String collectionOf(Tokens.Stretch stretch) {
    return catalogue.newest().stream()
        .map(CollectionSchema::name)
        .filter(name -> Tokens.hash(name) == stretch.collection())
        .findFirst()
        .orElse(Route.ALL);
  }
}
