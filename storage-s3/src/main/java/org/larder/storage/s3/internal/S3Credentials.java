package org.larder.storage.s3.internal;

import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * How to be let in: by a key that the configuration has, by a file of AWS's form, or, with neither,
 * by what the SDK finds: the variables {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY},
 * the user's own file, the role of the container or the machine.
 *
 * @param accessKeyId possibly empty
 * @param secretAccessKey possibly empty
 * @param file possibly empty
 * @param profile which part of the file
 */
record S3Credentials(String accessKeyId, String secretAccessKey, String file, String profile) {
  S3Credentials {
    if (accessKeyId.isBlank() != secretAccessKey.isBlank()) {
      throw new IllegalArgumentException(
          "access_key_id and secret_access_key go together, or neither is set");
    }
  }

  /**
   * True if the configuration names a key or a file; else the key may come and change by itself.
   */
  boolean isConfigured() {
    return !accessKeyId.isBlank() || !file.isBlank();
  }

  AwsCredentialsProvider provider() {
    if (!accessKeyId.isBlank()) {
      return StaticCredentialsProvider.create(
          AwsBasicCredentials.create(accessKeyId, secretAccessKey));
    }
    if (!file.isBlank()) {
      return ProfileCredentialsProvider.builder()
          .profileFile(
              ProfileFile.builder()
                  .content(Path.of(file))
                  .type(ProfileFile.Type.CREDENTIALS)
                  .build())
          .profileName(profile)
          .build();
    }
    return DefaultCredentialsProvider.builder().build();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "S3Credentials[accessKeyId=" + accessKeyId + ", file=" + file + "]";
  }
}
