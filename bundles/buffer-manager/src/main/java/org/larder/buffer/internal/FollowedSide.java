package org.larder.buffer.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.internal.migrate.Side;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;

/** A backend and its follower, whichever these are at the moment. Free for any thread. */
final class FollowedSide implements Side {
  private final String name;
  private final Surroundings node;
  private final Routing routing;

  FollowedSide(String name, Surroundings node, Routing routing) {
    this.name = name;
    this.node = node;
    this.routing = routing;
  }

  private Optional<Follower> follower() {
    return routing.followers().find(name);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<BackendDescriptor> descriptor() {
    return node.backends().find(name).map(BackendHandle::descriptor);
  }

  @Override
  public <T> T read(Function<StorageBackend, T> question) {
    return handle().read(question);
  }

  /** That of the follower, if there is one: another may be the store of somebody else. */
  private BackendHandle handle() {
    Follower follower = follower().orElse(null);
    return (follower == null ? node.backends().find(name) : follower.backend())
        .orElseThrow(
            () ->
                new StorageException(
                    StorageException.Severity.RETRY,
                    "BACKEND_AWAY",
                    "Backend "
                        + name
                        + " cannot be asked now"
                        + trouble().map(why -> ": " + why.message()).orElse("")));
  }

  @Override
  public boolean isFilled(String collection) {
    return node.coverage().isFilled(name, collection);
  }

  @Override
  public boolean isFull(String collection) {
    return follower().map(follower -> routing.isFull(follower, collection)).orElse(false);
  }

  @Override
  public boolean hasSurplus(String collection) {
    return routing.leads(collection, name) && node.coverage().hasSurplus(name, collection);
  }

  @Override
  public long copied(String collection) {
    return follower().map(follower -> follower.seeding().rows(collection)).orElse(0L);
  }

  @Override
  public long reached() {
    return follower().map(follower -> follower.progress().reached()).orElse(-1L);
  }

  @Override
  public int deadLetters(String collection) {
    return follower()
        .map(
            follower ->
                (int)
                    follower.deadLetters().letters().stream()
                        .filter(letter -> letter.row().schema().name().equals(collection))
                        .count())
        .orElse(0);
  }

  @Override
  public long discardedLetters(String collection) {
    return follower().map(follower -> follower.deadLetters().discarded(collection)).orElse(0L);
  }

  @Override
  public Optional<Trouble> trouble() {
    FollowerStatus status = follower().map(Follower::status).orElse(null);
    return status == null || status.code().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                status.code(),
                status.message(),
                status.state() == FollowerStatus.State.SEEDING
                    || status.state() == FollowerStatus.State.FOLLOWING));
  }

  @Override
  public void holdAt(long position, Duration lease) {
    follower()
        .ifPresent(
            follower -> {
              follower.hold().at(position, lease);
              follower.progress().want(position);
              follower.wake();
            });
  }

  @Override
  public long awaitHeld(Duration patience) throws InterruptedException {
    Follower follower = follower().orElse(null);
    return follower == null ? -1 : follower.hold().await(patience);
  }

  @Override
  public boolean isHeldAt(long position) {
    return follower().map(follower -> follower.hold().isAt(position)).orElse(false);
  }

  @Override
  public void release() {
    follower()
        .ifPresent(
            follower -> {
              follower.hold().release();
              follower.wake();
            });
  }
}
