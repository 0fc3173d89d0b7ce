package org.larder.node.internal;

import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * Ends the process: stops the framework in order when the JVM is told to go (SIGTERM, SIGINT, or
 * the framework stopped by itself), with a bound on the time and an exit code that says how it
 * went. Runs on the JVM's shutdown thread; everything it needs is loaded before, since the bundle
 * it came from is closed while it runs.
 */
final class ProcessEnd extends Thread {
  private static final long BOUND_MS = 9_000;
  private static final int STOPPED = 0;
  private static final int NOT_STOPPED = 1;

  private final Framework framework;

  ProcessEnd(Framework framework) {
    super("larder-end");
    this.framework = framework;
  }

  @Override
  public void run() {
    int exitCode = NOT_STOPPED;
    try {
      framework.stop();
      if (framework.waitForStop(BOUND_MS).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
        System.err.println("larder: not stopped within " + BOUND_MS + " ms, ending all the same");
      } else {
        exitCode = STOPPED;
      }
    } catch (BundleException e) {
      System.err.println("larder: stopping failed: " + e);
    } catch (InterruptedException e) {
      System.err.println("larder: stopping was interrupted");
    }
    System.err.flush();
    System.out.flush();
    // A JVM that a signal ends reports 128 + the signal's number; a clean stop is a zero.
    Runtime.getRuntime().halt(exitCode);
  }
}
