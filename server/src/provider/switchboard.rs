//! Every channel's provider behind one: who is asked is the sender's affair.

use async_trait::async_trait;
use dispatch::attempt::{Answer, Claimed, Consequence};
use dispatch::channel::Channel;
use dispatch::error::Result;
use dispatch::port::{Provider, ProviderTemplate, SenderAccess, Submitted};
use dispatch::sender::SenderCheck;
use dispatch::template::Variant;
use dispatch::time::Timestamp;
use std::time::Duration;

/// The providers of this process.
pub struct Switchboard {
    /// WhatsApp.
    pub whatsapp: Box<dyn Provider>,
    /// Text messages.
    pub sms: Box<dyn Provider>,
    /// Mail.
    pub email: Box<dyn Provider>,
}

impl Switchboard {
    fn of(&self, channel: Channel) -> &dyn Provider {
        match channel {
            Channel::Whatsapp => &*self.whatsapp,
            Channel::Sms => &*self.sms,
            Channel::Email => &*self.email,
        }
    }
}

#[async_trait]
impl Provider for Switchboard {
    async fn send(&self, sender: &SenderAccess, message: &Claimed) -> Answer {
        self.of(message.channel).send(sender, message).await
    }

    fn consequence(&self, channel: Channel, code: &str) -> Consequence {
        self.of(channel).consequence(channel, code)
    }

    async fn subscribe(&self, sender: &SenderAccess, callback_url: &str) -> Result<()> {
        self.of(sender.channel).subscribe(sender, callback_url).await
    }

    async fn check(&self, sender: &SenderAccess, callback_url: &str) -> SenderCheck {
        self.of(sender.channel).check(sender, callback_url).await
    }

    async fn submit(
        &self,
        sender: &SenderAccess,
        variant: &Variant,
        patience: Option<Duration>,
        again: Timestamp,
    ) -> Submitted {
        self.of(sender.channel).submit(sender, variant, patience, again).await
    }

    async fn list_templates(&self, sender: &SenderAccess) -> Result<Vec<ProviderTemplate>> {
        self.of(sender.channel).list_templates(sender).await
    }
}
