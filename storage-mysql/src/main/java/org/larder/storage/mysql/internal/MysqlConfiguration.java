package org.larder.storage.mysql.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The keys of {@code larder.storage.mysql-<name>.cfg}. Two underscores in a method stand for one in
 * the key, as Declarative Services define.
 */
@ObjectClassDefinition(
    name = "Larder storage: MySQL and MariaDB",
    description = "Keeps records in a MySQL or MariaDB database. One configuration, one backend.")
@SuppressWarnings("MemberName") // Declarative Services derive the keys from these names.
@interface MysqlConfiguration {
  @AttributeDefinition(description = "Name by which routes refer to this backend")
  String name() default "mysql";

  @AttributeDefinition(
      description = "The database: jdbc:mysql://host:3306,other-host:3306/database")
  String url() default "jdbc:mysql://127.0.0.1:3306/larder";

  @AttributeDefinition(description = "Account")
  String user() default "larder";

  @AttributeDefinition(
      type = AttributeType.PASSWORD,
      description = "Password of the account; better in password_file or the environment")
  String password() default "";

  @AttributeDefinition(
      description = "File whose first line is the password; relative to the data folder")
  String password__file() default "";

  @AttributeDefinition(
      description = "Encryption: disabled, preferred, required, verify_ca or verify_identity")
  String tls() default "preferred";

  @AttributeDefinition(
      description = "Certificates of authorities, .p12 or .jks; empty for those of the system")
  String trust__store() default "";

  @AttributeDefinition(type = AttributeType.PASSWORD, description = "Password of the trust store")
  String trust__store__password() default "";

  @AttributeDefinition(
      description = "Connections that write one batch; with more than 1, others may see half of it")
  int write__connections() default 1;

  @AttributeDefinition(description = "Connections that read, at most")
  int pool__size() default 10;

  @AttributeDefinition(description = "Connections that read and are kept ready")
  int pool__min__size() default 5;

  @AttributeDefinition(description = "Seconds after which a connection that reads is replaced")
  int pool__recycle() default 3600;

  @AttributeDefinition(description = "Milliseconds in which a server has to take a connection")
  int connect__timeout__ms() default 3000;

  @AttributeDefinition(description = "Milliseconds that a question may take")
  int query__timeout__ms() default 60_000;

  /** The settings, with relative files below the data folder. */
  record Reader(MysqlConfiguration configuration, Path dataFolder) {
    MysqlSettings settings() {
      return new MysqlSettings(
          configuration.name(),
          ServerUrl.parse(configuration.url()),
          configuration.user(),
          password(),
          new Tls(
              Tls.Mode.named(configuration.tls()),
              file(configuration.trust__store()),
              Secret.of(configuration.trust__store__password())),
          MysqlSettings.writing(configuration.write__connections()),
          configuration.pool__size(),
          configuration.pool__min__size(),
          Duration.ofSeconds(configuration.pool__recycle()),
          Duration.ofMillis(configuration.connect__timeout__ms()),
          Duration.ofMillis(configuration.query__timeout__ms()));
    }

    private Secret password() {
      return file(configuration.password__file())
          .map(Secret::in)
          .orElseGet(() -> Secret.of(configuration.password()));
    }

    private Optional<Path> file(String name) {
      return name.isBlank() ? Optional.empty() : Optional.of(dataFolder.resolve(name.strip()));
    }
  }
}
