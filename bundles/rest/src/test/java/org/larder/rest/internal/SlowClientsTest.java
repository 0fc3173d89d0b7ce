package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.larder.rest.RestApplication;
import org.larder.rest.testing.TestServer;

class SlowClientsTest {
  private static final long PATIENCE_SECONDS = 30;

  /** Reads a body, and says how that went. */
  @Path("upload")
  public static final class Upload {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<Long> read = new CompletableFuture<>();

    @POST
    public void post(InputStream body) {
      begun.countDown();
      try {
        read.complete(body.transferTo(OutputStream.nullOutputStream()));
      } catch (IOException e) {
        read.completeExceptionally(e);
      }
    }
  }

  private static final class UploadApplication extends RestApplication {
    UploadApplication(Upload upload) {
      serve(upload);
    }
  }

  @Test
  void cutEndsARequestWhoseBodyDoesNotCome() throws Exception {
    Upload upload = new Upload();
    SlowClients slowClients = new SlowClients();
    try (TestServer server = new TestServer("/", new UploadApplication(upload));
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.uri("/").getPort())) {
      slowClients.watch(server.jetty());
      String head = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123";
      client.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      client.getOutputStream().flush();
      assertThat(upload.begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      slowClients.cut();
      assertThat(upload.read).failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
