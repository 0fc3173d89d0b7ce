package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.larder.rest.testing.FakeBuffer;
import org.larder.rest.testing.Reply;
import org.larder.rest.testing.TestServer;
import org.osgi.service.jakartars.runtime.dto.ApplicationDTO;
import org.osgi.service.jakartars.runtime.dto.RuntimeDTO;

class FiltersTest {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static void behind(Filter filter, Consumer<TestServer> test) {
    SystemApplication application = new SystemApplication(null, new FakeBuffer());
    try (TestServer server = new TestServer("/", application, filter)) {
      test.accept(server);
    } finally {
      application.close();
    }
  }

  private static String entry(String role, String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return role + ":" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ApiKeyFilter keys() {
    return new ApiKeyFilter(
        Map.of(
            "key.dashboard", entry("reader", "read-me"),
            "key.producer", entry("writer", "write-me"),
            "key.admin", entry("operator", "rule-me"),
            "service.pid", "larder.security"));
  }

  @Test
  void withoutKeysEverythingIsOpen() {
    behind(
        new ApiKeyFilter(Map.of("service.pid", "larder.security")),
        server -> assertThat(server.get("/metrics").status()).isEqualTo(200));
  }

  @Test
  void withKeysOnlyHealthIsOpen() {
    behind(
        keys(),
        server -> {
          assertThat(server.get("/health").status()).isEqualTo(200);
          assertThat(server.get("/health/live").status()).isEqualTo(200);
          assertThat(server.get("/health/ready").status()).isEqualTo(200);
          for (String path : new String[] {"/metrics", "/docs", "/nothing", "/health/x"}) {
            Reply reply = server.get(path);
            assertThat(reply.status()).as(path).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
            assertThat(reply.json().get("code").asText()).isEqualTo("UNAUTHORIZED");
          }
          assertThat(server.get("/metrics", "X-API-Key", "wrong").status()).isEqualTo(401);
        });
  }

  @Test
  void keyIsTakenFromEitherHeader() {
    behind(
        keys(),
        server -> {
          assertThat(server.get("/metrics", "X-API-Key", "read-me").status()).isEqualTo(200);
          assertThat(server.get("/metrics", "Authorization", "Bearer read-me").status())
              .isEqualTo(200);
          assertThat(server.get("/metrics", "Authorization", "bearer  read-me").status())
              .isEqualTo(200);
          assertThat(server.get("/metrics", "Authorization", "Basic read-me").status())
              .isEqualTo(401);
        });
  }

  @Test
  void roleDecidesWhatIsAllowed() {
    behind(
        keys(),
        server -> {
          String flush = "/api/v1/admin/flush";
          assertThat(server.get("/api/v1/admin/dead", "X-API-Key", "write-me").status())
              .isEqualTo(403);
          assertThat(server.get("/api/v1/system/config", "X-API-Key", "read-me").status())
              .isEqualTo(403);
          assertThat(server.post(flush, "", "X-API-Key", "write-me").status()).isEqualTo(403);
          assertThat(server.post(flush, "", "X-API-Key", "rule-me").status()).isEqualTo(200);
          assertThat(server.post("/nothing", "", "X-API-Key", "read-me").status()).isEqualTo(403);
          assertThat(server.post("/nothing", "", "X-API-Key", "write-me").status()).isEqualTo(404);
        });
  }

  @Test
  void entryThatCannotBeReadClosesTheNode() {
    behind(
        new ApiKeyFilter(Map.of("key.broken", "reader:abc")),
        server -> {
          assertThat(server.get("/metrics").status()).isEqualTo(401);
          assertThat(server.get("/metrics", "X-API-Key", "abc").status()).isEqualTo(401);
        });
  }

  @Test
  void changeOfKeysIsTakenOverInPlace() {
    ApiKeyFilter filter = keys();
    behind(
        filter,
        server -> {
          filter.modified(Map.of("key.new", entry("reader", "new-key")));
          assertThat(server.get("/metrics", "X-API-Key", "read-me").status()).isEqualTo(401);
          assertThat(server.get("/metrics", "X-API-Key", "new-key").status()).isEqualTo(200);
        });
  }

  private static RuntimeDTO runtime(String... names) {
    RuntimeDTO runtime = new RuntimeDTO();
    runtime.applicationDTOs = new ApplicationDTO[names.length];
    for (int i = 0; i < names.length; i++) {
      runtime.applicationDTOs[i] = new ApplicationDTO();
      runtime.applicationDTOs[i].name = names[i];
      runtime.applicationDTOs[i].base = "/api/v1/" + names[i] + "/";
    }
    return runtime;
  }

  @Test
  void resourcesThatAreExpectedAre503AndNot404UntilTheyAreThere() {
    ExpectedResources expected = new ExpectedResources();
    expected.configure(Settings.of(0, " notes , "));
    behind(
        new ReadinessFilter(expected),
        server -> {
          Reply early = server.get("/api/v1/notes/x");
          assertThat(early.status()).isEqualTo(503);
          assertThat(early.header("Retry-After")).isEqualTo("1");
          assertThat(early.json().get("code").asText()).isEqualTo("NOT_READY");
          assertThat(server.get("/health").status()).isEqualTo(200);
          expected.update(() -> runtime("notes"));
          assertThat(server.get("/api/v1/notes/x").status()).isEqualTo(404);
          expected.update(FiltersTest::runtime);
          assertThat(server.get("/api/v1/notes/x").status()).isEqualTo(503);
          assertThat(server.get("/other").status()).isEqualTo(404);
        });
  }

  @Test
  void traceIsEchoedAndNonsenseIsNot() {
    RequestMeter meter = new RequestMeter();
    meter.configure(Settings.of(1000));
    behind(
        new RequestWatch(meter),
        server -> {
          assertThat(server.get("/health", "traceparent", TRACE).header("traceparent"))
              .isEqualTo(TRACE);
          assertThat(server.get("/health", "traceparent", "nonsense").header("traceparent"))
              .isNull();
          assertThat(server.post("/api/v1/admin/flush", "").status()).isEqualTo(200);
          server.get("/nothing");
        });
    assertThat(meter.metrics())
        .anyMatch(metric -> metric.labels().containsValue("2xx") && metric.value() == 3)
        .anyMatch(metric -> metric.labels().containsValue("4xx") && metric.value() == 1);
  }
}
