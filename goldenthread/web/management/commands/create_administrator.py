"""Makes the first administrator, and any later one, from the command line."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import EmailValidator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from goldenthread.people.models import Person
from goldenthread.people.operations.signing_in import create_administrator, invitation_of
from goldenthread.tasks.operations import tell_of_sign_in
from goldenthread.tasks.operations.sign_in_changes import WORD_ENDED


class Command(BaseCommand):
    """`goldenthread create_administrator --email ADDRESS --name NAME [--address URL]`."""

    help = "Make an administrator and print the link, which works once, where they set their password."

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--address",
            default=settings.ADDRESS,
            help="where people reach this installation (default: %(default)s)",
        )

    def handle(self, *args, **options):
        try:
            EmailValidator()(options["email"])
        except ValidationError as fault:
            raise CommandError(f"{options['email']} is not an e-mail address.") from fault
        at, is_known = timezone.localtime(), Person.objects.filter(email__iexact=options["email"]).exists()
        with transaction.atomic():
            person = create_administrator(email=options["email"], name=options["name"], by=None, at=at)
            if is_known:
                tell_of_sign_in(person, WORD_ENDED, at=at)
        person_part, token = invitation_of(person)
        path = reverse("set_password", args=[person_part, token])
        self.stdout.write(f"{person.name} is an administrator. They set their password here, once:")
        self.stdout.write(options["address"].rstrip("/") + path)
