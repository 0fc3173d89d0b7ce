package org.larder.storage.s3.internal;

import com.fasterxml.jackson.core.JsonFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.BackendContract;
import org.larder.tck.BundleUnderTest;
import org.larder.tck.Offer;
import org.larder.tck.OtherProcess;
import org.larder.tck.TestStore;
import org.slf4j.Logger;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

class S3BackendTest extends BackendContract {
  @RegisterExtension static final S3ServerExtension S3 = new S3ServerExtension();

  private final String prefix = S3.newPrefix();

  @Override
  protected StorageBackend open() {
    return S3.backend(S3.server().settings(prefix), Clock.systemUTC());
  }

  @Override
  protected void close(StorageBackend backend) {
    ((S3Backend) backend).close();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.INSERT_IF_ABSENT, Capability.SNAPSHOT_SCAN);
  }

  @Override
  public Offer<OtherProcess> otherProcess() {
    String place = S3.server().endpoint() + " " + prefix + " " + S3.temporary();
    return Offer.of(new OtherProcess(Elsewhere.class, place));
  }

  static final class Elsewhere implements OtherProcess.Factory {
    @Override
    public StorageBackend open(String place) {
      String[] parts = place.split(" ", 3);
      return new S3Backend(
          S3Server.settings(URI.create(parts[0]), parts[1]), Path.of(parts[2]), Clock.systemUTC());
    }
  }

  @Override
  public Offer<FailingOpener> failing() {
    return Offer.of(
        nth ->
            S3.backend(S3.server().settings(prefix), Clock.systemUTC(), new FailingRequest(nth)));
  }

  /** Lets one request go unsent. */
  private static final class FailingRequest implements ExecutionInterceptor {
    private final int nth;
    private final AtomicInteger requests = new AtomicInteger();

    private FailingRequest(int nth) {
      this.nth = nth;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      if (requests.incrementAndGet() == nth) {
        throw SdkClientException.create("The network went away");
      }
    }
  }

  @Override
  public Offer<TestStore.Opener> small() {
    return Offer.declined("A bucket has no bound.");
  }

  @Override
  public Offer<BundleUnderTest> bundle() {
    return Offer.of(
        BundleUnderTest.of(S3Backend.class, "larder.storage.s3")
            .with("name", "archive")
            .with("endpoint", S3.server().endpoint().toString())
            .with("bucket", S3Server.BUCKET)
            .with("prefix", prefix)
            .with("path_style", true)
            .with("access_key_id", S3Server.KEY)
            .with("secret_access_key", S3Server.SECRET)
            .importing(Logger.class, JsonFactory.class));
  }
}
