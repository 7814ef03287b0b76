/**
 * Files that an operator may replace while the service runs.
 *
 * <p>Owns the bounded reading of a file and the monitoring of files for changes.
 *
 * <p>Imports nothing of ours.
 */
@NullMarked
package dev.tokenservice.files;

import org.jspecify.annotations.NullMarked;
