package dev.tokenservice.testing;

import io.dropwizard.jersey.validation.Validators;
import jakarta.validation.ValidatorFactory;

/** Validators of configurations. Each factory reads the annotations of all classes again, which takes longer than a test. */
public final class TestValidators {

    /**
     * For all tests of a process that start no application: one that stops leaves a factory without its constraints. It is not
     * to be closed.
     */
    public static final ValidatorFactory SHARED = Validators.newValidatorFactory();

    private TestValidators() {}
}
