package org.larder.buffer;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Contributes samples to the metrics endpoint: registered as an OSGi service by whoever has some.
 */
@ConsumerType
public interface MetricSource {
  /** The samples as they are now; quick, and free for any thread. */
  List<Metric> metrics();
}
