//! What the pages say, in English and French.

use crate::state::{faults::FaultKind, message::Stage};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    French,
}

impl Language {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "fr" => Some(Self::French),
            _ => None,
        }
    }

    /// The first language of `Accept-Language` that the pages have; browsers list them by
    /// preference.
    pub(super) fn accepted(header: &str) -> Self {
        header.split(',').find_map(Self::read).unwrap_or(Self::English)
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::French => &FRENCH,
        }
    }
}

/// Every wording of the pages.
pub(super) struct Words {
    pub phones: &'static str,
    pub intro: &'static str,
    pub search: &'static str,
    pub search_button: &'static str,
    pub no_phones: &'static str,
    pub no_phones_how: &'static str,
    pub none_found: &'static str,
    pub open_anyway: &'static str,
    pub more_phones: &'static str,
    pub all_phones: &'static str,
    pub skip: &'static str,
    pub conversations: &'static str,
    pub messages: &'static str,
    pub business: &'static str,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub months: [&'static str; 12],
    pub nothing_yet: &'static str,
    pub nothing_yet_how: &'static str,
    pub answer: &'static str,
    pub send: &'static str,
    pub empty_answer: &'static str,
    pub no_business: &'static str,
    pub opens_elsewhere: &'static str,
    pub not_arrived: &'static str,
    pub not_found: &'static str,
    pub not_found_how: &'static str,
    pub by_business: &'static str,
    pub by_person: &'static str,
    pub reload: &'static str,
    pub location: &'static str,
    image: &'static str,
    video: &'static str,
    document: &'static str,
    accepted: &'static str,
    sent: &'static str,
    delivered: &'static str,
    read: &'static str,
    faults: [&'static str; 12],
}

impl Words {
    pub(super) fn stage(&self, stage: Option<Stage>) -> &'static str {
        match stage {
            None => self.accepted,
            Some(Stage::Queued) => self.accepted,
            Some(Stage::Sent) => self.sent,
            Some(Stage::Delivered | Stage::Received) => self.delivered,
            Some(Stage::Read) => self.read,
            Some(Stage::Failed(_) | Stage::Undelivered(_)) => self.not_arrived,
        }
    }

    /// What a header's file is called, by the Cloud API's word for it.
    pub(super) fn media(&self, kind: &str) -> &'static str {
        match kind {
            "image" => self.image,
            "video" => self.video,
            _ => self.document,
        }
    }

    /// A message of the person: whether the business has been told.
    pub(super) fn told(&self, told: bool) -> &'static str {
        if told { self.delivered } else { self.sent }
    }

    pub(super) fn fault(&self, kind: FaultKind) -> &'static str {
        self.faults[match kind {
            FaultKind::Latency => 0,
            FaultKind::Error429 => 1,
            FaultKind::Error500 => 2,
            FaultKind::Reset => 3,
            FaultKind::LostAnswer => 4,
            FaultKind::DuplicateReceipt => 5,
            FaultKind::LateReceipt => 6,
            FaultKind::ReorderReceipts => 7,
            FaultKind::NoPhone => 8,
            FaultKind::SmtpDown => 9,
            FaultKind::Error => 10,
            FaultKind::FailedReceipt => 11,
        }]
    }
}

const ENGLISH: Words = Words {
    phones: "Phones",
    intro: "Everybody who was sent a message, latest first. Open a phone to read and answer.",
    search: "Phone number, or part of one",
    search_button: "Search",
    no_phones: "No message yet",
    no_phones_how: "A phone appears here with the first message sent to it.",
    none_found: "No phone has this number. A phone appears with the first message sent to it.",
    open_anyway: "Pick up",
    more_phones: "These are the latest. Search to find another.",
    all_phones: "All phones",
    skip: "Skip to content",
    conversations: "Conversations",
    messages: "Messages with",
    business: "Business account",
    today: "Today",
    yesterday: "Yesterday",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    nothing_yet: "No message yet",
    nothing_yet_how: "What is sent to this phone appears here at once.",
    answer: "Write an answer",
    send: "Send",
    empty_answer: "Nothing was sent: write an answer of 1 to 4096 characters first.",
    no_business: "There is nobody to answer yet.",
    opens_elsewhere: "opens in a new tab",
    not_arrived: "A message did not arrive",
    not_found: "No such phone",
    not_found_how: "A phone number has 7 to 15 digits, with its country code.",
    by_business: "wrote",
    by_person: "You wrote",
    reload: "Show new messages",
    location: "Location",
    image: "Picture",
    video: "Video",
    document: "Document",
    accepted: "Accepted",
    sent: "Sent",
    delivered: "Delivered",
    read: "Read",
    faults: [
        "Answers come late",
        "Refused: too many requests, 429",
        "Server error, 500",
        "Connection reset",
        "Answer lost: accepted, but nobody says so",
        "Receipts come twice",
        "Receipts come late",
        "Receipts come out of order",
        "No phone number, user name only",
        "The mail server does not answer",
        "Refused with a code of choice",
        "Accepted, then failed with a code of choice",
    ],
};

const FRENCH: Words = Words {
    phones: "Téléphones",
    intro: "Toutes les personnes à qui un message a été envoyé, les plus récentes d’abord. Ouvrez \
            un téléphone pour lire et répondre.",
    search: "Numéro de téléphone, ou une partie",
    search_button: "Rechercher",
    no_phones: "Aucun message pour l’instant",
    no_phones_how: "Un téléphone apparaît ici avec le premier message qui lui est envoyé.",
    none_found: "Aucun téléphone n’a ce numéro. Un téléphone apparaît avec le premier message qui \
                 lui est envoyé.",
    open_anyway: "Décrocher",
    more_phones: "Voici les plus récents. Cherchez pour en trouver un autre.",
    all_phones: "Tous les téléphones",
    skip: "Aller au contenu",
    conversations: "Conversations",
    messages: "Messages avec",
    business: "Compte professionnel",
    today: "Aujourd’hui",
    yesterday: "Hier",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    nothing_yet: "Aucun message pour l’instant",
    nothing_yet_how: "Ce qui est envoyé à ce téléphone apparaît ici aussitôt.",
    answer: "Écrire une réponse",
    send: "Envoyer",
    empty_answer: "Rien n’a été envoyé : écrivez d’abord une réponse de 1 à 4096 caractères.",
    no_business: "Il n’y a encore personne à qui répondre.",
    opens_elsewhere: "s’ouvre dans un nouvel onglet",
    not_arrived: "Un message n’est pas arrivé",
    not_found: "Téléphone inconnu",
    not_found_how: "Un numéro de téléphone a 7 à 15 chiffres, indicatif du pays compris.",
    by_business: "a écrit",
    by_person: "Vous avez écrit",
    reload: "Afficher les nouveaux messages",
    location: "Lieu",
    image: "Image",
    video: "Vidéo",
    document: "Document",
    accepted: "Accepté",
    sent: "Envoyé",
    delivered: "Remis",
    read: "Lu",
    faults: [
        "Les réponses arrivent en retard",
        "Refusé : trop de requêtes, 429",
        "Erreur du serveur, 500",
        "Connexion coupée",
        "Réponse perdue : accepté, mais personne ne le dit",
        "Les accusés arrivent deux fois",
        "Les accusés arrivent en retard",
        "Les accusés arrivent en désordre",
        "Pas de numéro, nom d’utilisateur seulement",
        "Le serveur de courriel ne répond pas",
        "Refusé avec un code au choix",
        "Accepté, puis échoué avec un code au choix",
    ],
};
