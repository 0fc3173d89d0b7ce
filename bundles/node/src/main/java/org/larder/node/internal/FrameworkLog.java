package org.larder.node.internal;

import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Carries what bundles say to the OSGi log service into the node's log. Called on the log service's
 * own thread; holds no state of its own.
 */
final class FrameworkLog extends ServiceTracker<LogReaderService, LogReaderService>
    implements LogListener {

  FrameworkLog(BundleContext context) {
    super(context, LogReaderService.class, null);
  }

  @Override
  public LogReaderService addingService(ServiceReference<LogReaderService> reference) {
    LogReaderService reader = super.addingService(reference);
    reader.addLogListener(this);
    return reader;
  }

  @Override
  public void removedService(
      ServiceReference<LogReaderService> reference, LogReaderService reader) {
    reader.removeLogListener(this);
    super.removedService(reference, reader);
  }

  @Override
  public void logged(LogEntry entry) {
    if (entry.getLoggerName().startsWith("Events.") && entry.getLogLevel() == LogLevel.INFO) {
      // Every bundle and service that comes or goes.
      return;
    }
    Level level =
        switch (entry.getLogLevel()) {
          case AUDIT, ERROR -> Level.ERROR;
          case WARN -> Level.WARN;
          case INFO -> Level.INFO;
          case DEBUG -> Level.DEBUG;
          case TRACE -> Level.TRACE;
        };
    String source = entry.getBundle() == null ? "osgi" : entry.getBundle().getSymbolicName();
    Logger log = LoggerFactory.getLogger(source);
    Optional<String> refused =
        RefusedConfiguration.reason(entry.getMessage(), entry.getException());
    if (refused.isPresent()) {
      log.error(
          "A configuration is not used: {}. Mend the file and save it; if the node does not become"
              + " ready then, restart it",
          refused.get());
      log.debug("The configuration was refused by:", entry.getException());
      return;
    }
    log.atLevel(level).setCause(entry.getException()).log(entry.getMessage());
  }
}
