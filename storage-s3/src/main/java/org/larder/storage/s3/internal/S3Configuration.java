package org.larder.storage.s3.internal;

import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The keys of {@code larder.storage.s3-<name>.cfg}. Two underscores in a method stand for one in
 * the key, as Declarative Services define.
 */
@ObjectClassDefinition(
    name = "Larder storage: S3",
    description =
        "Keeps records as batches of JSON lines in a bucket. One configuration makes one backend.")
@SuppressWarnings("MemberName") // Declarative Services derive the keys from these names.
@interface S3Configuration {
  @AttributeDefinition(description = "Name by which routes refer to this backend")
  String name() default "archive";

  @AttributeDefinition(description = "Bucket; it has to be there")
  String bucket();

  @AttributeDefinition(description = "What all keys begin with; several stores may share a bucket")
  String prefix() default "larder";

  @AttributeDefinition(description = "Region that requests are signed for")
  String region() default "us-east-1";

  @AttributeDefinition(description = "Address of a server other than AWS")
  String endpoint() default "";

  @AttributeDefinition(
      description = "Whether the bucket stands in the path, not in the host's name")
  boolean path__style() default false;

  @AttributeDefinition(description = "Id of the access key; empty for a file or the environment")
  String access__key__id() default "";

  @AttributeDefinition(description = "The access key", type = AttributeType.PASSWORD)
  String secret__access__key() default "";

  @AttributeDefinition(description = "File of AWS's form with access keys, for no key above")
  String credentials__file() default "";

  @AttributeDefinition(description = "Which part of that file")
  String credentials__profile() default "default";

  @AttributeDefinition(description = "Milliseconds that one request may take")
  long timeout__ms() default 30_000;

  @AttributeDefinition(description = "Connections at one time")
  int max__connections() default 8;

  /** The settings. */
  record Reader(S3Configuration configuration) {
    S3Settings settings() {
      return new S3Settings(
          configuration.name(),
          S3Settings.endpoint(configuration.endpoint()),
          configuration.region(),
          configuration.bucket(),
          configuration.prefix(),
          configuration.path__style(),
          new S3Credentials(
              configuration.access__key__id(),
              configuration.secret__access__key(),
              configuration.credentials__file(),
              configuration.credentials__profile()),
          Duration.ofMillis(configuration.timeout__ms()),
          configuration.max__connections(),
          Duration.ofDays(1));
    }
  }
}
