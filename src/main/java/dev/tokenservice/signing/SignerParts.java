package dev.tokenservice.signing;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.WatchedFiles;
import java.time.Clock;
import java.time.Duration;

/**
 * What a signer is made with, beside its settings.
 *
 * @param files watches the folder of keys
 * @param cryptography what local keys sign with, where this machine has it
 * @param tokenValidity how long a token is valid at most
 */
public record SignerParts(WatchedFiles files, NativeCryptography cryptography, Clock clock, Duration tokenValidity) {}
