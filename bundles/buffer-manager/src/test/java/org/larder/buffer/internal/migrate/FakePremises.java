package org.larder.buffer.internal.migrate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.StorageBackend;

/**
 * A node of one collection whose stores have all there is; backends come and go, and time passes,
 * as told. Reads are at once where the route says, if that backend is there. Free for any thread.
 */
final class FakePremises implements Premises {
  static final CollectionSchema NOTES = CollectionSchema.named("notes", 1).key("id", 20).build();

  /** The backends that are there. */
  final Set<String> present = ConcurrentHashMap.newKeySet();

  /** Goes on as it is told. */
  final AtomicLong nanos = new AtomicLong();

  /** Runs when routes were changed. */
  volatile Runnable onChange = () -> {};

  /** How many records every store was filled with. */
  volatile long copied;

  /** True if nothing is left to be copied. */
  volatile boolean filled = true;

  private RouteTable routes;
  private String readFrom;

  FakePremises(RouteTable routes, String readFrom, String... present) {
    this.routes = routes;
    this.readFrom = readFrom;
    this.present.addAll(List.of(present));
  }

  @Override
  public synchronized RouteTable routes() {
    return routes;
  }

  @Override
  public Optional<CollectionSchema> collection(String name) {
    return Optional.of(NOTES).filter(schema -> schema.name().equals(name));
  }

  @Override
  public List<CollectionSchema> collectionsOf(String routed) {
    boolean meant = routed.equals("notes") || !routes().routes().containsKey("notes");
    return meant ? List.of(NOTES) : List.of();
  }

  @Override
  public synchronized void changeRoutes(UnaryOperator<RouteTable> change, String filled) {
    routes = change.apply(routes);
    onChange.run();
  }

  /** An operator changes a route. */
  synchronized void route(Route route) {
    routes = routes.with(route);
  }

  @Override
  public synchronized String readFrom(String collection) {
    String primary = routes.routeOf(collection).primary();
    if (present.contains(primary)) {
      readFrom = primary;
    }
    return readFrom;
  }

  @Override
  public Side side(String backend) {
    return new FakeSide(backend);
  }

  @Override
  public long syncedEnd() {
    return 0;
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public Clock clock() {
    return Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  }

  private final class FakeSide implements Side {
    private final String name;

    FakeSide(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<BackendDescriptor> descriptor() {
      return present.contains(name)
          ? Optional.of(new BackendDescriptor(name, "fake", Set.of()))
          : Optional.empty();
    }

    @Override
    public <T> T read(Function<StorageBackend, T> question) {
      throw new UnsupportedOperationException("nothing is compared here");
    }

    @Override
    public boolean isFilled(String collection) {
      return filled;
    }

    @Override
    public boolean isFull(String collection) {
      return true;
    }

    @Override
    public boolean hasSurplus(String collection) {
      return false;
    }

    @Override
    public long copied(String collection) {
      return copied;
    }

    @Override
    public long reached() {
      return 0;
    }

    @Override
    public int deadLetters(String collection) {
      return 0;
    }

    @Override
    public long discardedLetters(String collection) {
      return 0;
    }

    @Override
    public Optional<Trouble> trouble() {
      return present.contains(name)
          ? Optional.empty()
          : Optional.of(new Trouble("BACKEND_AWAY", "Backend " + name + " is not there", false));
    }

    @Override
    public void holdAt(long position, Duration lease) {
      // nothing follows
    }

    @Override
    public long awaitHeld(Duration patience) {
      return -1;
    }

    @Override
    public boolean isHeldAt(long position) {
      return false;
    }

    @Override
    public void release() {
      // nothing is held
    }
  }
}
