package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.Coverage.Extent;
import org.larder.buffer.internal.Coverage.Place;
import org.larder.buffer.internal.Coverage.State;
import org.larder.journal.Journal;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.journal.NewFrame;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which follower takes what, and which is read from. Asked by any thread without a lock; changed by
 * one at a time.
 *
 * <p>When a collection gets another primary, the change has a place in the journal: reads go to the
 * old one until the new one has reached it.
 */
final class Routing {
  private static final Logger LOG = LoggerFactory.getLogger(Routing.class);

  private final Surroundings node;
  private final Followers followers = new Followers();
  private volatile RouteTable table;
  private volatile Map<String, Move> moves = Map.of();
  private volatile boolean unsettled;

  Routing(Surroundings node, RouteTable table) {
    this.node = node;
    this.table = table;
  }

  /**
   * A change of a collection's primary that is under way.
   *
   * @param from the old primary, which is read from
   * @param at what the new one has to reach
   */
  record Move(String from, long at) {}

  Followers followers() {
    return followers;
  }

  RouteTable table() {
    return table;
  }

  /** The follower of that name. */
  Follower follower(String name) {
    return followers
        .find(name)
        .orElseThrow(() -> new NoSuchElementException("No follower " + name));
  }

  /** The follower whose backend is read from, and waited for. */
  Follower primaryOf(String collection) {
    Follower configured = follower(table.routeOf(collection).primary());
    Move move = moves.get(collection);
    if (move == null || configured.progress().reached() >= move.at()) {
      return configured;
    }
    return followers.find(move.from()).orElse(configured);
  }

  /** The mirror that may be read from while the primary is away. */
  Optional<Follower> standInFor(String collection) {
    return table
        .routeOf(collection)
        .readFrom()
        .flatMap(followers::find)
        .filter(mirror -> isFull(mirror, collection));
  }

  /** The known collections that a route holds for. */
  List<String> collectionsOf(Route route) {
    return node.catalogue().newest().stream()
        .map(CollectionSchema::name)
        .filter(name -> table.routeOf(name).equals(route))
        .toList();
  }

  boolean isFull(Follower follower, String collection) {
    return node.coverage().isFull(follower.name(), collection, follower.progress().reached());
  }

  /**
   * True if the follower is to note whether an insert is a duplicate: as the primary, or before it.
   * An archive, or a store that is being filled, may have what others have no more.
   */
  boolean notes(Follower follower, Mutation insert) {
    Follower primary = primaryOf(insert.collection());
    boolean first =
        primary == follower
            || (primary.progress().reached() <= insert.sequence()
                && table.mirror(follower.name()).appliesDeletes());
    return first && node.coverage().isFull(follower.name(), insert.collection(), insert.sequence());
  }

  /** True if the records of the collection go to that follower. */
  boolean leads(String collection, String follower) {
    if (table.leads(collection, follower)) {
      return true;
    }
    Move move = moves.get(collection);
    return move != null && move.from().equals(follower);
  }

  /**
   * What is to take effect as one goes to one primary.
   *
   * @throws BufferException ROUTES_APART if these collections have several
   */
  void requireOnePrimary(Set<String> collections) {
    RouteTable current = table;
    Map<String, String> primaries = new TreeMap<>();
    collections.forEach(name -> primaries.put(name, current.routeOf(name).primary()));
    if (new HashSet<>(primaries.values()).size() > 1) {
      throw new BufferException(
          Reason.ROUTES_APART,
          "One decision writes to collections whose primaries are apart, "
              + primaries
              + "; nothing was written. Give them the same primary with larder:route",
          Duration.ofSeconds(10),
          null);
    }
  }

  /** The followers that any collection is read from, each once. */
  List<Follower> primaries() {
    Map<String, Follower> found = new LinkedHashMap<>();
    Follower all = follower(table.routeOf(Route.ALL).primary());
    found.put(all.name(), all);
    for (CollectionSchema schema : node.catalogue().newest()) {
      Follower primary = primaryOf(schema.name());
      found.put(primary.name(), primary);
    }
    return List.copyOf(found.values());
  }

  /** Begins to follow when the node starts; whatever is configured is taken. */
  synchronized void begin() throws IOException {
    Journal journal = node.journal();
    boolean upgraded = node.coverage().isFresh() && !journal.retained().isEmpty();
    Map<Place, State> news = new HashMap<>();
    for (String name : table.backends()) {
      boolean known = journal.retained().containsKey(name);
      boolean fromTheBeginning = !known && journal.start(0) == 0;
      forEach(
          name,
          place -> {
            if (node.coverage().of(place.follower(), place.collection()).isEmpty()) {
              news.put(
                  place, fromTheBeginning || (known && upgraded) ? State.FULL : State.UNSEEDED);
            }
          });
    }
    node.coverage().note(news, this::isLedNoMore);
    Map<String, DeadLetterLog> letters = new HashMap<>();
    try {
      prepare(table, "", letters);
    } catch (IOException | RuntimeException e) {
      closeAll(letters, e);
      throw e;
    }
    List<Follower> joining = add(letters);
    releaseAllBut(table);
    joining.forEach(Follower::start);
  }

  private interface PlaceAction {
    void take(Place place);
  }

  private void forEach(String follower, PlaceAction action) {
    for (CollectionSchema schema : node.catalogue().newest()) {
      if (table.leads(schema.name(), follower)) {
        action.take(new Place(follower, schema.name()));
      }
    }
  }

  /** Does what may fail before followers can start; nothing else notices. */
  private void prepare(RouteTable wanted, String filled, Map<String, DeadLetterLog> opened)
      throws IOException {
    for (String name : wanted.backends()) {
      if (followers.find(name).isEmpty()) {
        opened.put(name, letters(name));
        boolean stale = !node.coverage().in(Extent.STALE, name).isEmpty();
        if (!stale && !node.journal().retained().containsKey(name)) {
          long first = node.journal().start(0);
          node.journal().retain(name, name.equals(filled) ? leastKept() : first);
        }
      }
    }
  }

  /** For a store that is filled, what the others need is enough: all before it is copied. */
  private long leastKept() {
    return node.journal().retained().values().stream()
        .mapToLong(Long::longValue)
        .min()
        .orElse(node.journal().start(0));
  }

  private DeadLetterLog letters(String name) throws IOException {
    return DeadLetterLog.open(
        node.folder().resolve("dead-letters-" + name), name, node.journal().id(), node.catalogue());
  }

  private void releaseAllBut(RouteTable wanted) throws IOException {
    for (String former : node.journal().retained().keySet()) {
      if (!wanted.backends().contains(former) && !isMovedFrom(former)) {
        LOG.warn("The journal is not kept for {} any more: no route names it", former);
        node.journal().release(former);
      }
    }
  }

  /** True if a route, or a swap that is under way, needs the follower. */
  boolean isNamed(String name) {
    return table.backends().contains(name) || isMovedFrom(name);
  }

  private boolean isMovedFrom(String name) {
    return moves.values().stream().anyMatch(move -> move.from().equals(name));
  }

  /** A collection is new: whoever gets it gets all of it. */
  synchronized void added(String collection) throws IOException {
    Map<Place, State> news = new HashMap<>();
    for (String name : table.routeOf(collection).backends()) {
      news.put(new Place(name, collection), State.FULL);
    }
    node.coverage().note(news, place -> false);
  }

  /**
   * Takes other routes while running.
   *
   * @param filled a backend that is filled from the primary where it joins, even if the journal has
   *     all that it needs; empty for none
   * @param keeper gets the routes when nothing else can keep them from taking effect
   * @throws RouteRefusedException if they name what is not there, or a primary that lacks what the
   *     old one has; nothing has changed then
   * @throws IOException if the node's own files fail; nothing has changed then
   */
  synchronized void change(RouteTable wanted, String filled, RouteKeeper keeper)
      throws IOException {
    if (wanted.equals(table)) {
      keeper.write(wanted);
      return;
    }
    new RouteCheck(node, this).check(wanted);
    Map<String, Move> moving = new HashMap<>(moves);
    Map<Place, State> news = new HashMap<>();
    for (CollectionSchema schema : node.catalogue().newest()) {
      String collection = schema.name();
      Route route = wanted.routeOf(collection);
      for (String name : route.backends()) {
        if (!leads(collection, name)) {
          RouteCheck.joining(node, this, name, collection)
              .map(state -> name.equals(filled) ? State.UNSEEDED : state)
              .ifPresent(state -> news.put(new Place(name, collection), state));
        }
      }
      if (!route.primary().equals(table.routeOf(collection).primary())) {
        moving.put(collection, new Move(primaryOf(collection).name(), Long.MAX_VALUE));
      }
    }
    Map<String, DeadLetterLog> letters = new HashMap<>();
    try {
      prepare(wanted, filled, letters);
      node.coverage().note(news, place -> false);
      keeper.write(wanted);
    } catch (IOException | RuntimeException e) {
      closeAll(letters, e);
      forget(news.keySet(), e);
      throw e;
    }
    take(wanted, moving, add(letters));
  }

  /** From here on the new routes hold, whatever fails. */
  private void take(RouteTable wanted, Map<String, Move> moving, List<Follower> joining) {
    RouteTable before = table;
    moves = Map.copyOf(moving);
    table = wanted;
    // First: who appends waits for them to begin.
    joining.forEach(Follower::start);
    forgetPending();
    noteSwaps(before, wanted);
    LOG.info("The routes are now {}", wanted.inOrder());
    try {
      settle();
    } catch (IOException e) {
      LOG.error("What the routes name no more is not let go of; that is tried again", e);
    }
    followers.refresh();
  }

  private static void closeAll(Map<String, DeadLetterLog> letters, Exception failure) {
    for (DeadLetterLog log : letters.values()) {
      try {
        log.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** The change does not take place: nothing is kept for whoever would have joined. */
  private void forget(Set<Place> joining, Exception failure) {
    try {
      releaseAllBut(table);
      node.coverage().note(Map.of(), joining::contains);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private List<Follower> add(Map<String, DeadLetterLog> letters) {
    List<Follower> added = new ArrayList<>();
    letters.forEach((name, log) -> added.add(new Follower(name, node, log, this)));
    added.forEach(followers::add);
    return added;
  }

  /** Gives each swap its place in the journal; without one, reads would never move. */
  private void noteSwaps(RouteTable before, RouteTable wanted) {
    for (Route route : wanted.inOrder()) {
      if (!before.routeOf(route.collection()).primary().equals(route.primary())) {
        byte[] record = new LogRecord.Swap(route.collection(), route.primary()).encode();
        try {
          node.journal().append(0, List.of(NewFrame.of(FramePayload.RECORD, true, 1, 0, record)));
        } catch (JournalFullException | JournalFailedException e) {
          LOG.warn("The swap to {} has no record of its own in the journal", route.primary(), e);
        }
      }
    }
    long at = node.journal().end(0);
    Map<String, Move> placed = new HashMap<>(moves);
    placed.replaceAll(
        (name, move) -> move.at() == Long.MAX_VALUE ? new Move(move.from(), at) : move);
    moves = Map.copyOf(placed);
    for (Follower follower : followers.list()) {
      follower.progress().want(at);
    }
  }

  /** Ends the moves that are done, and lets go of followers that nothing leads to any more. */
  synchronized void settle() throws IOException {
    unsettled = true;
    Map<String, Move> left = new HashMap<>(moves);
    left.entrySet()
        .removeIf(
            move ->
                follower(table.routeOf(move.getKey()).primary()).progress().reached()
                    >= move.getValue().at());
    if (left.size() < moves.size()) {
      moves = Map.copyOf(left);
      forgetPending();
    }
    for (Follower follower : followers.list()) {
      String name = follower.name();
      if (!isNamed(name)) {
        followers.stop(follower);
      }
    }
    releaseAllBut(table);
    node.coverage().note(Map.of(), this::isLedNoMore);
    unsettled = false;
  }

  /** What was read for a follower so far lacks what it was not led then. */
  private void forgetPending() {
    for (Follower follower : followers.list()) {
      try {
        follower.index().reset();
      } catch (IOException e) {
        LOG.warn("A reader of the journal, for {}, cannot be closed", follower.name(), e);
      }
    }
  }

  /** What a follower passes over it has not got in full. */
  private boolean isLedNoMore(Place place) {
    return table.backends().contains(place.follower())
        && !leads(place.collection(), place.follower());
  }

  /** True for a mirror that is to be given up rather than hold the journal; never for a primary. */
  boolean mayGiveUp(String name) {
    RouteTable current = table;
    return current.mirror(name).onLag() == RouteTable.OnLag.DETACH
        && !current.isPrimary(name)
        && !isMovedFrom(name);
  }

  /** Gives a mirror up that holds most of the journal, unless it has become a primary meanwhile. */
  synchronized void giveUp(Follower mirror) throws IOException {
    String name = mirror.name();
    if (mayGiveUp(name)) {
      LOG.error(
          "Mirror {} holds most of the journal and is given up; fill it anew with: larder:adopt {}",
          name,
          name);
      mirror.detach();
    }
  }

  /** True if there is something to settle. */
  boolean isUnsettled() {
    return unsettled || !moves.isEmpty();
  }

  /** Goes on with a follower's store as it is; fills it anew, if the follower was given up. */
  synchronized void adopt(String name) throws IOException {
    Follower former = follower(name);
    if (!former.isDetached()) {
      former.adopt();
      return;
    }
    followers.stop(former);
    Journal journal = node.journal();
    Map<Place, State> news = new HashMap<>();
    for (String collection : node.coverage().in(Extent.STALE, name)) {
      news.put(new Place(name, collection), State.UNSEEDED);
    }
    journal.retain(name, leastKept());
    node.coverage().note(news, place -> false);
    add(Map.of(name, letters(name))).forEach(Follower::start);
  }

  /** Ends all, when the node stops; they can be asked what they know even then. */
  synchronized void close() throws IOException {
    for (Follower follower : followers.list()) {
      Followers.halt(follower);
      follower.close();
    }
  }
}
