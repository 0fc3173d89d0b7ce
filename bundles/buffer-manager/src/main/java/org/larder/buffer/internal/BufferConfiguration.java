package org.larder.buffer.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The keys of {@code larder.buffer.cfg}. Two underscores in a method stand for one in the key: one
 * alone would be a dot.
 */
@ObjectClassDefinition(
    pid = "larder.buffer",
    name = "Larder buffer",
    description = "How writes are made durable, batched and fed to the backends.")
@SuppressWarnings("MemberName") // Declarative Services derive the keys from these names.
public @interface BufferConfiguration {
  /** Bound of the journal in MB (10^6 bytes). Takes effect at a start. */
  @AttributeDefinition(description = "Bound of the journal in MB; takes effect at a start.")
  long max__journal__mb() default 1024;

  /** Records at which a drain begins at the latest. */
  @AttributeDefinition(description = "Records at which a drain begins at the latest.")
  int flush__size() default 1000;

  /** Milliseconds that a record waits at most before a drain begins, up to 30,000. */
  @AttributeDefinition(description = "Milliseconds that a record waits before a drain begins.")
  int flush__interval__ms() default 200;

  /** Milliseconds that a record waits at most before a mirror's drain begins, up to 30,000. */
  @AttributeDefinition(
      description =
          "Milliseconds that a record waits before a mirror's drain begins, unless 16 times"
              + " flush_size or 16 MiB have come.")
  int mirror__flush__interval__ms() default 1000;

  /** MB of requests being taken in at a time; more are answered with 503. */
  @AttributeDefinition(description = "MB of requests being taken in at a time.")
  int max__in__flight__mb() default 64;

  /** Milliseconds that a backend's call may take. */
  @AttributeDefinition(description = "Milliseconds that a backend's call may take.")
  int write__timeout__ms() default 30_000;

  /** Milliseconds of the first pause after a failed call. */
  @AttributeDefinition(description = "Milliseconds of the first pause after a failed call.")
  int retry__base__ms() default 100;

  /** Milliseconds of the longest pause after failed calls. */
  @AttributeDefinition(description = "Milliseconds of the longest pause after failed calls.")
  int retry__max__ms() default 10_000;

  /** Milliseconds that a stop waits for the primary to take what is pending. */
  @AttributeDefinition(description = "Milliseconds that a stop waits for a last drain.")
  int drain__on__stop__ms() default 5_000;

  /** True lets nothing drain: for measuring and for maintenance. */
  @AttributeDefinition(description = "True lets nothing drain: for measuring and maintenance.")
  boolean hold__followers() default false;
}
