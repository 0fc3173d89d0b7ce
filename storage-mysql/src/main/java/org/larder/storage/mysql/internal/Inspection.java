package org.larder.storage.mysql.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.larder.storage.jdbc.Call;
import org.larder.storage.jdbc.Calls;
import org.larder.storage.model.Limits;
import org.larder.storage.spi.PoolUsage;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.StorageException;

/**
 * Looks how a database is. It takes a reader that is free, or else a connection of its own which
 * has no longer than the probe. Free for any thread.
 */
final class Inspection {
  /** Room for the largest item with every byte escaped, and for the statement around it. */
  static final long LEAST_PACKET = 2L * Limits.ITEM_BYTES + (64 << 10);

  private static final String FACTS =
      "SELECT @@global.max_allowed_packet, (SELECT COALESCE(SUM(data_length + index_length), 0)"
          + " FROM information_schema.tables WHERE table_schema = DATABASE())";

  private final StoreHandle handle;
  private final Calls calls;

  Inspection(StoreHandle handle, Calls calls) {
    this.handle = handle;
    this.calls = calls;
  }

  Probe probe(Duration budget) {
    OpenStore store = handle.current();
    try (Call call = calls.begin(budget);
        Connection connection = connection(store, budget)) {
      try {
        return look(connection, store, call);
      } catch (SQLException e) {
        throw call.explain(e, MysqlBackend.EITHER_KIND);
      } finally {
        call.release();
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == MysqlErrors.UNKNOWN_DATABASE) {
        return new Probe(Probe.Condition.UP, "There is no store yet", 0);
      }
      return new Probe(Probe.Condition.DOWN, MysqlErrors.translate(e).getMessage(), -1);
    } catch (StorageException e) {
      return new Probe(Probe.Condition.DOWN, e.getMessage(), -1);
    }
  }

  private Connection connection(OpenStore store, Duration budget) throws SQLException {
    boolean free = store != null && store.poolUsage().idle() > 0;
    return free ? store.pool().getConnection() : handle.servers().visitor(budget);
  }

  private Probe look(Connection connection, OpenStore store, Call call) throws SQLException {
    List<String> says = new ArrayList<>();
    long bytes;
    try (Statement statement = connection.createStatement();
        ResultSet facts = call.run(statement).executeQuery(FACTS)) {
      facts.next();
      if (facts.getLong(1) < LEAST_PACKET) {
        says.add(
            "max_allowed_packet is %d, less than the %d that the largest item needs; larger rows are refused"
                .formatted(facts.getLong(1), LEAST_PACKET));
      }
      bytes = facts.getLong(2);
    }
    Durability durability = Durability.of(connection);
    if (!durability.isGiven()) {
      says.add(durability.weakness());
    }
    Probe.Condition condition = says.isEmpty() ? Probe.Condition.UP : Probe.Condition.DEGRADED;
    says.add(store == null ? "nobody attached yet" : readers(store.poolUsage()));
    return new Probe(condition, String.join("; ", says), bytes);
  }

  private static String readers(PoolUsage pool) {
    return "readers: %d of %d in use, %d idle, %d waiting"
        .formatted(pool.active(), pool.max(), pool.idle(), pool.waiting());
  }
}
