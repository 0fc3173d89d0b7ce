/** Large objects, and records as batches of JSON lines, in a bucket of S3 or a server like it. */
package org.larder.storage.s3.internal;
