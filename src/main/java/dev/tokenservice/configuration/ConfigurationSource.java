package dev.tokenservice.configuration;

import dev.tokenservice.files.RegularFile;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Opens configuration files.
 *
 * <p>Throws {@link dev.tokenservice.files.UnusableFileException} for a file that is missing, too large, or not a file.
 */
public final class ConfigurationSource implements ConfigurationSourceProvider {

    /** No configuration is larger. */
    static final int MAX_MEBIBYTES = 1;

    @Override
    public InputStream open(String path) {
        return new ByteArrayInputStream(RegularFile.bytes(Path.of(path), MAX_MEBIBYTES));
    }
}
