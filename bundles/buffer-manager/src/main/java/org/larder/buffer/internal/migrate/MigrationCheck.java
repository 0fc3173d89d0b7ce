package org.larder.buffer.internal.migrate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.larder.buffer.BufferException;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRefusedException;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationRequest.End;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.QueryBackend;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;

/** Says whether a migration can begin, and what it would take. Stateless. */
final class MigrationCheck {
  private static final Duration BUDGET = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int SAMPLE = 1_000;

  private final Premises premises;

  MigrationCheck(Premises premises) {
    this.premises = premises;
  }

  /**
   * Looks.
   *
   * @throws MigrationRefusedException with the first reason why not
   */
  MigrationPlan plan(MigrationRequest request) {
    String collection = request.collection();
    if (!collection.equals(Route.ALL) && premises.collection(collection).isEmpty()) {
      throw refused("COLLECTION_UNKNOWN", "There is no collection " + collection);
    }
    if (request.from().equals(request.to())) {
      throw refused(
          "MIGRATION_INVALID", request.from() + " is named twice; from and to have to differ");
    }
    Side source = present(request.from());
    Side target = present(request.to());
    RouteTable routes = premises.routes();
    Route route = routes.routeOf(collection);
    checkRoute(request, routes, route);
    List<CollectionSchema> schemas = premises.collectionsOf(collection);
    checkTarget(request, target, schemas);
    checkSource(request, source, schemas);
    checkAnswers(source);
    checkAnswers(target);
    boolean answers = target.read(store -> store instanceof QueryBackend);
    if (request.end() == End.PRIMARY && !answers) {
      throw refused(
          "CAPABILITY_MISSING",
          request.to()
              + " does not answer questions itself and is not made a primary; migrate to it as a"
              + " mirror");
    }
    List<MigrationPlan.Part> parts = new ArrayList<>();
    for (CollectionSchema schema : schemas) {
      parts.add(asked(source, store -> part(store, schema)));
    }
    return new MigrationPlan(
        request,
        route,
        parts,
        target.descriptor().map(BackendDescriptor::kind).orElse(""),
        answers && request.end() != End.MIRROR,
        lacks(source, target, answers));
  }

  private Side present(String backend) {
    Side side = premises.side(backend);
    if (side.descriptor().isEmpty()) {
      throw refused("BACKEND_UNKNOWN", "There is no backend " + backend + "; configure it first");
    }
    return side;
  }

  private void checkRoute(MigrationRequest request, RouteTable routes, Route route) {
    if (!route.primary().equals(request.from())) {
      throw refused(
          "MIGRATION_INVALID",
          request.from()
              + " is not the primary of "
              + request.collection()
              + "; "
              + route.primary()
              + " is");
    }
    if (routes.mirror(request.to()).deletes() != RouteTable.Deletes.ALL) {
      throw refused(
          "MIGRATION_INVALID",
          request.to()
              + " is an archive (apply_deletes."
              + request.to()
              + " = "
              + routes.mirror(request.to()).deletes().name().toLowerCase(Locale.ROOT)
              + "): it keeps what is deleted, and so cannot be compared; make it a mirror"
              + " with larder:route instead");
    }
  }

  private static void checkTarget(
      MigrationRequest request, Side target, List<CollectionSchema> schemas) {
    for (CollectionSchema schema : schemas) {
      if (target.hasSurplus(schema.name())) {
        throw refused(
            "MIGRATION_INVALID",
            request.to()
                + " was an archive: it may have records of "
                + schema.name()
                + " that were deleted; take it off the route with larder:route, and begin again:"
                + " the migration fills it anew");
      }
    }
  }

  private void checkSource(MigrationRequest request, Side source, List<CollectionSchema> schemas) {
    for (CollectionSchema schema : schemas) {
      String name = schema.name();
      if (!premises.readFrom(name).equals(request.from())) {
        throw refused(
            "SWAP_UNDER_WAY",
            name
                + " is still read from "
                + premises.readFrom(name)
                + ": wait until the swap to "
                + request.from()
                + " is done");
      }
      if (source.deadLetters(name) > 0) {
        throw refused(
            "SOURCE_INCOMPLETE",
            request.from()
                + " has "
                + source.deadLetters(name)
                + " dead letters of "
                + name
                + ", which a copy of it would lack: replay or discard them first");
      }
    }
  }

  private static void checkAnswers(Side side) {
    Probe probe = asked(side, store -> store.probe(BUDGET));
    if (probe.condition() == Probe.Condition.DOWN) {
      throw away(side.name() + " cannot be asked now: " + probe.detail(), null);
    }
  }

  private static <T> T asked(Side side, Function<StorageBackend, T> question) {
    try {
      return side.read(question);
    } catch (StorageException e) {
      throw away(side.name() + " cannot be asked now: " + e.getMessage(), e);
    }
  }

  private static BufferException away(String message, StorageException cause) {
    return new BufferException(BufferException.Reason.BACKEND_AWAY, message, RETRY_AFTER, cause);
  }

  private static MigrationPlan.Part part(StorageBackend store, CollectionSchema schema) {
    long records = 0;
    long bytes = 0;
    boolean more;
    try (RecordCursor cursor = store.scan(ScanRequest.all(schema))) {
      Row row = cursor.next();
      boolean counts = store instanceof QueryBackend;
      while (row != null && (records < SAMPLE || !counts)) {
        records++;
        bytes += row.encodedLength();
        row = cursor.next();
      }
      more = row != null;
    }
    if (more) {
      long all =
          ((QueryBackend) store).aggregate(Aggregation.count(schema, Filter.ALL)).get(0).count(0);
      return new MigrationPlan.Part(schema.name(), all, bytes / records * all);
    }
    return new MigrationPlan.Part(schema.name(), records, bytes);
  }

  private static List<String> lacks(Side source, Side target, boolean answers) {
    List<String> lacks = new ArrayList<>();
    if (!answers) {
      lacks.add(
          "questions are not answered by the store: it stays a mirror, for scans and archives");
    }
    Set<Capability> had = capabilities(source);
    had.removeAll(capabilities(target));
    for (Capability capability : had) {
      sentence(capability).ifPresent(lacks::add);
    }
    return lacks;
  }

  private static Set<Capability> capabilities(Side side) {
    Set<Capability> found = EnumSet.noneOf(Capability.class);
    side.descriptor().ifPresent(known -> found.addAll(known.capabilities()));
    return found;
  }

  /** What it means that a store lacks something; empty if nobody notices. */
  private static Optional<String> sentence(Capability capability) {
    return Optional.ofNullable(
        switch (capability) {
          case ATOMIC_POSITION ->
              "records and position are not stored at once: after a failure a batch is repeated";
          case INSERT_IF_ABSENT -> "inserts are looked up by the node before they are written";
          case SNAPSHOT_SCAN -> "a scan may see what is written meanwhile";
          case FULL_TEXT, PARALLEL_LANES -> null;
        });
  }

  private static MigrationRefusedException refused(String code, String message) {
    return new MigrationRefusedException(code, message);
  }
}
