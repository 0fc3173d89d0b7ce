package org.larder.rest.internal;

import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.larder.buffer.BufferControl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Ready once the primary has caught up and every expected application is served. */
@Component(property = {"hc.name=Larder ready", "hc.tags=ready"})
public final class ReadyCheck implements HealthCheck {
  private final BufferControl buffer;
  private final ExpectedResources expected;

  /** Asks these. */
  @Activate
  public ReadyCheck(@Reference BufferControl buffer, @Reference ExpectedResources expected) {
    this.buffer = buffer;
    this.expected = expected;
  }

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    if (!buffer.status().ready()) {
      log.temporarilyUnavailable("The primary backend has not caught up with the journal");
    }
    if (!expected.complete()) {
      log.temporarilyUnavailable(
          "Not there yet: REST application {}", String.join(", ", expected.missing()));
    }
    return new Result(log);
  }
}
