/**
 * Files that an operator may replace while the service runs.
 *
 * <p>Owns the watching of files, and the reading of certificates from them. Imports nothing of ours.
 */
@NullMarked
package dev.tokenservice.mtls.files;

import org.jspecify.annotations.NullMarked;
