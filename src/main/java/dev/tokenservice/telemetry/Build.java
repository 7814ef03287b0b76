package dev.tokenservice.telemetry;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * Which build of the service runs.
 *
 * @param version of the jar; {@code unknown} for classes that are in no jar
 * @param commit that it was built from; {@code unknown} where the build was not told
 */
public record Build(String version, String commit) {

    private static final String UNKNOWN = "unknown";

    /** This build, as the manifest of its own jar says. */
    public static Build current() {
        Optional<Attributes> manifest = manifest();
        return new Build(
                attribute(manifest, Attributes.Name.IMPLEMENTATION_VERSION.toString()),
                attribute(manifest, "Implementation-Build"));
    }

    private static String attribute(Optional<Attributes> manifest, String name) {
        return manifest.map(attributes -> attributes.getValue(name)).orElse(UNKNOWN);
    }

    private static Optional<Attributes> manifest() {
        URL self = Build.class.getResource("Build.class");
        try {
            return self != null && self.openConnection() instanceof JarURLConnection jar
                    ? Optional.ofNullable(jar.getManifest()).map(Manifest::getMainAttributes)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
