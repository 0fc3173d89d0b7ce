package org.larder.rest.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.Answer;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.Consistency;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.Decided;
import org.larder.buffer.Decision;
import org.larder.buffer.Durability;
import org.larder.buffer.FlushResult;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.Guard;
import org.larder.buffer.Intake;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Migrations;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.RecordReader;
import org.larder.buffer.Recovery;
import org.larder.buffer.ReplayResult;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.buffer.Submission;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Evaluator;
import org.larder.storage.query.Group;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/**
 * A buffer in memory: what is committed waits until {@link #drain}, or until somebody asks for it
 * to be flushed. The clock is set by the test. All methods take the object's lock.
 */
public final class FakeBuffer implements Intake, RecordReader, BufferControl {
  /** The time that {@link #nowMicros} gives, until the test moves it. */
  public Instant now = Instant.parse("2026-03-01T12:00:00Z");

  /** True as long as the backend can be reached. */
  public boolean backendUp = true;

  /** Thrown by the next {@link #begin}; null for none. */
  public BufferException refusal;

  /** Thrown by whatever would be noted in the node's own files; null for none. */
  public volatile BufferException diskFailure;

  /** What {@link #status} says. */
  public boolean ready = true;

  /** States of the followers that {@link #status} shows. */
  public FollowerStatus.State followerState = FollowerStatus.State.FOLLOWING;

  /** Bytes in the journal that {@link #status} shows, of 1000. */
  public long journalBytes;

  /** Items of each commit, in order. */
  public final List<Integer> commits = new ArrayList<>();

  /** Followers that were adopted. */
  public final List<String> adopted = new ArrayList<>();

  /** What the backend refused. */
  public final List<DeadLetter> deadLetters = new ArrayList<>();

  private final Migrations migrations = new FakeMigrations(this::requireDisk);
  private RouteTable routes = RouteTable.of("fake");
  private final Map<String, CollectionSchema> schemas = new LinkedHashMap<>();
  private final Map<String, TreeMap<String, Row>> stored = new HashMap<>();
  private final List<Mutation> pending = new ArrayList<>();
  private final Map<String, Integer> receipts = new HashMap<>();
  private long sequence;
  private long identifier;

  /** Knows these collections. */
  public FakeBuffer(CollectionSchema... collections) {
    for (CollectionSchema schema : collections) {
      schemas.put(schema.name(), schema);
      stored.put(schema.name(), new TreeMap<>());
    }
  }

  /** Applies everything that waits. */
  public synchronized void drain() {
    for (Mutation mutation : pending) {
      apply(stored.get(mutation.collection()), mutation);
    }
    pending.clear();
  }

  private static void apply(Map<String, Row> rows, Mutation mutation) {
    Optional<Row> after = Merging.apply(rows.get(mutation.key()), mutation);
    after.ifPresentOrElse(
        row -> rows.put(mutation.key(), row.withVersion(mutation.sequence())),
        () -> rows.remove(mutation.key()));
  }

  /** How many records of a collection are stored. */
  public synchronized int storedCount(String collection) {
    return stored.get(collection).size();
  }

  @Override
  public synchronized Submission begin(String collection, long expectedBytes) {
    if (refusal != null) {
      throw refusal;
    }
    CollectionSchema schema = schemas.get(collection);
    if (schema == null) {
      throw new NoSuchElementException(collection);
    }
    return new FakeSubmission(schema, this);
  }

  @Override
  public synchronized <R> Decided<R> decide(
      Collection<Guard> guards, Durability wanted, Duration patience, Decision<R> decision)
      throws InvalidRowException {
    if (refusal != null) {
      throw refusal;
    }
    FakeDraft draft = new FakeDraft(this);
    R result = decision.decide(draft);
    long first = sequence;
    Acknowledgement acknowledgement = commit(draft.written(), wanted);
    return new Decided<>(
        result, acknowledgement, LongStream.range(first, sequence).boxed().toList());
  }

  synchronized Acknowledgement commit(List<Mutation> mutations, Durability wanted) {
    if (mutations.isEmpty()) {
      return new Acknowledgement("", wanted, 0);
    }
    for (Mutation mutation : mutations) {
      pending.add(new Mutation(mutation.kind(), mutation.row(), sequence++));
    }
    commits.add(mutations.size());
    String receipt = "r" + sequence;
    receipts.put(receipt, mutations.size());
    if (wanted == Durability.BACKEND && backendUp) {
      drain();
      return new Acknowledgement(receipt, Durability.BACKEND, mutations.size());
    }
    Durability reached = wanted == Durability.BACKEND ? Durability.JOURNAL : wanted;
    return new Acknowledgement(receipt, reached, mutations.size());
  }

  @Override
  public synchronized long nowMicros() {
    return Row.micros(now);
  }

  @Override
  public synchronized long nextId() {
    return ++identifier;
  }

  @Override
  public synchronized Answer<Optional<Row>> get(
      String collection, String key, Consistency consistency) {
    return answer(Optional.ofNullable(view(collection, consistency).get(key)));
  }

  @Override
  public synchronized Answer<Page> query(Query query, Consistency consistency) {
    Iterator<Row> rows = view(query.schema().name(), consistency).values().iterator();
    return answer(Evaluator.query(query, () -> rows.hasNext() ? rows.next() : null));
  }

  @Override
  public synchronized Answer<List<Group>> aggregate(
      Aggregation aggregation, Consistency consistency) {
    Iterator<Row> rows = view(aggregation.schema().name(), consistency).values().iterator();
    return answer(Evaluator.aggregate(aggregation, () -> rows.hasNext() ? rows.next() : null));
  }

  private <T> Answer<T> answer(T value) {
    return new Answer<>(value, "fake", "p" + (sequence - pending.size()));
  }

  private Map<String, Row> view(String collection, Consistency consistency) {
    requireBackend();
    if (consistency == Consistency.FLUSHED) {
      drain();
    }
    TreeMap<String, Row> rows = new TreeMap<>(stored.get(collection));
    if (consistency == Consistency.BUFFERED) {
      pending.stream()
          .filter(mutation -> mutation.collection().equals(collection))
          .forEach(mutation -> apply(rows, mutation));
    }
    return rows;
  }

  private void requireBackend() {
    if (!backendUp) {
      throw new BufferException(
          BufferException.Reason.BACKEND_AWAY,
          "The primary backend is away",
          Duration.ofSeconds(2),
          null);
    }
  }

  @Override
  public synchronized FlushResult flush(Duration deadline) {
    requireBackend();
    Map<String, Long> written = pendingByCollection();
    written.values().removeIf(count -> count == 0);
    drain();
    return new FlushResult(written, Duration.ofMillis(3));
  }

  private Map<String, Long> pendingByCollection() {
    Map<String, Long> counts = new HashMap<>();
    schemas.keySet().forEach(name -> counts.put(name, 0L));
    pending.forEach(mutation -> counts.merge(mutation.collection(), 1L, Long::sum));
    return counts;
  }

  @Override
  public synchronized Optional<ReceiptState> receipt(String receipt) {
    return Optional.ofNullable(receipts.get(receipt))
        .map(
            count ->
                new ReceiptState(
                    pending.isEmpty() ? ReceiptState.State.STORED : ReceiptState.State.PENDING,
                    count,
                    List.of()));
  }

  @Override
  public synchronized BufferStatus status() {
    JournalStatus journal =
        new JournalStatus(
            journalBytes,
            1000,
            1,
            0,
            sequence,
            commits.size(),
            Duration.ofMillis(5),
            Duration.ofMillis(2),
            0);
    FollowerStatus follower =
        new FollowerStatus(
            "primary",
            "fake",
            followerState,
            "",
            "",
            sequence - pending.size(),
            0,
            sequence,
            Duration.ZERO,
            1,
            sequence - pending.size(),
            0,
            deadLetters.size());
    BackendStatus backend =
        new BackendStatus(
            "fake", "memory", true, backendUp ? "up" : "down", "", 2_500_000, List.of());
    return new BufferStatus(
        ready,
        pendingByCollection(),
        1000,
        Optional.of(now),
        sequence,
        journal,
        List.of(follower),
        List.of(backend));
  }

  @Override
  public List<CollectionSchema> collections() {
    return List.copyOf(schemas.values());
  }

  @Override
  public Optional<CollectionSchema> collection(String name) {
    return Optional.ofNullable(schemas.get(name));
  }

  @Override
  public synchronized List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  @Override
  public synchronized ReplayResult replay(String follower, LetterFilter filter, Duration deadline) {
    requireFollower(follower);
    requireBackend();
    return new ReplayResult(take(filter), deadLetters.size(), Optional.empty());
  }

  @Override
  public synchronized int discard(String follower, LetterFilter filter) {
    requireFollower(follower);
    return take(filter);
  }

  @Override
  public synchronized List<RouteStatus> routes() {
    return routes.inOrder().stream()
        .map(
            route ->
                new RouteStatus(
                    route,
                    route.primary(),
                    route.backends().stream()
                        .map(
                            name ->
                                new RouteStatus.Copy(
                                    name,
                                    RouteStatus.Completeness.LIVE,
                                    "",
                                    0,
                                    routes.mirror(name),
                                    status().followers().get(0)))
                        .toList()))
        .toList();
  }

  @Override
  public synchronized void changeRoute(Route route) {
    if (route.primary().equals("empty")) {
      throw new RouteRefusedException("NOT_SEEDED", "It has not got all");
    }
    requireDisk();
    routes = routes.with(route);
  }

  @Override
  public synchronized void swap(String collection, String backend) {
    Route now = routes.routeOf(collection);
    Route own = new Route(collection, now.primary(), now.mirrors(), now.readFrom());
    changeRoute(own.swappedTo(backend));
  }

  @Override
  public synchronized void removeRoute(String collection) {
    if (!routes.routes().containsKey(collection)) {
      throw new RouteRefusedException("ROUTE_NOT_FOUND", collection + " has no route of its own");
    }
    requireDisk();
    routes = routes.without(collection);
  }

  private int take(LetterFilter filter) {
    filter.requireOneRecord(deadLetters);
    int before = deadLetters.size();
    deadLetters.removeIf(filter::matches);
    return before - deadLetters.size();
  }

  private static void requireFollower(String follower) {
    if (!follower.equals("primary")) {
      throw new NoSuchElementException(follower);
    }
  }

  /** What orders fail with while the node's own files cannot be written. */
  public static BufferException diskFailure(BufferException.Reason reason) {
    return new BufferException(reason, "Nothing was changed", Duration.ofSeconds(1), null);
  }

  private void requireDisk() {
    if (diskFailure != null) {
      throw diskFailure;
    }
  }

  @Override
  public Migrations migrations() {
    return migrations;
  }

  @Override
  public Recovery recovery() {
    return new Recovery(
        now,
        3,
        0,
        10,
        1,
        4,
        Duration.ofMillis(12),
        2,
        List.of(new Recovery.Finding("cut", "0001.seg", 17, 10, 10, "A torn frame was cut")));
  }

  @Override
  public void adopt(String follower) {
    requireFollower(follower);
    requireDisk();
    adopted.add(follower);
  }
}
