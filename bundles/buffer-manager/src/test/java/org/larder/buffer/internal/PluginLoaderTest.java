package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.buffer.BufferException;
import org.larder.buffer.Consistency;
import org.larder.storage.query.Aggregation;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Query;
import org.larder.storage.spi.QueryBackend;

/** A backend finds what its own bundle has, whichever thread calls it. */
@Timeout(60)
class PluginLoaderTest {
  @TempDir Path data;
  private final ClassLoader plugin = new ClassLoader(getClass().getClassLoader()) {};
  private final ClassLoader caller = new ClassLoader(getClass().getClassLoader()) {};
  private final MigratingFake store = new MigratingFake("main", new FakeStore());
  private final Map<String, Set<ClassLoader>> seen = new ConcurrentHashMap<>();

  /** A backend whose class is of another loader; notes in whose context it is called. */
  private QueryBackend ofPlugin() {
    return (QueryBackend)
        Proxy.newProxyInstance(
            plugin,
            new Class<?>[] {QueryBackend.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() != Object.class) {
                seen.computeIfAbsent(method.getName(), any -> ConcurrentHashMap.newKeySet())
                    .add(Thread.currentThread().getContextClassLoader());
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void eachCallIsMadeInTheContextOfTheBackend() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(caller);
    try (TestNode node = new TestNode(data).open()) {
      node.buffer.addBackend(ofPlugin());
      node.puts("a");
      node.flush();
      node.buffer.reader().get("notes", "a", Consistency.STORED);
      node.buffer.reader().query(Query.of(Notes.V1), Consistency.STORED);
      node.buffer.reader().aggregate(Aggregation.count(Notes.V1, Filter.ALL), Consistency.STORED);
      node.buffer.status();
      store.unreadable = true;
      assertThatThrownBy(() -> node.buffer.reader().get("notes", "a", Consistency.STORED))
          .isInstanceOf(BufferException.class);
      TestNode.until(() -> seen.containsKey("sync"));
      assertThat(thread.getContextClassLoader()).isSameAs(caller);
    } finally {
      thread.setContextClassLoader(before);
    }
    assertThat(seen)
        .containsKeys(
            "descriptor",
            "attach",
            "ensureCollection",
            "write",
            "scan",
            "query",
            "aggregate",
            "sync",
            "probe")
        .allSatisfy((call, loaders) -> assertThat(loaders).as(call).containsOnly(plugin));
  }
}
