package org.larder.rest.internal;

import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FollowerStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What {@code /health} says, for the health checks of the shell. */
@Component(property = {"hc.name=Larder buffer", "hc.tags=live", "hc.tags=buffer"})
public final class LiveCheck implements HealthCheck {
  private final BufferControl buffer;

  /** Asks this. */
  @Activate
  public LiveCheck(@Reference BufferControl buffer) {
    this.buffer = buffer;
  }

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    BufferStatus status = buffer.status();
    switch (HealthWord.of(status)) {
      case HEALTHY -> log.info("{} records wait", status.pendingTotal());
      case DEGRADED -> log.warn("The primary backend is {}", HealthWord.database(status));
      case UNHEALTHY -> log.critical("The journal is at its bound: writes are refused");
    }
    for (FollowerStatus follower : status.followers()) {
      if (!follower.message().isEmpty()) {
        log.warn("Follower {}: {}", follower.name(), follower.message());
      }
    }
    return new Result(log);
  }
}
